import type { Mutant } from './mutant.ts'
import { copySources, type Sources, spoil } from './sources.ts'
import { trials } from './trials.ts'

/** What came of one defect. */
export type Hunted = {
  readonly mutant: Mutant
  /** How many seeds were run. */
  readonly seeds: number
  /** The check that noticed it, where, and in what words; absent: nothing did. */
  readonly caught?: { readonly check: string; readonly seed: number; readonly detail: string }
}

export type HuntOptions = {
  /** The most seeds that a defect is looked for in; the first is 1. */
  readonly seeds: number
  readonly participants: number
  /** Defects looked for side by side. */
  readonly width: number
  /** Told of every seed that was run with a defect. */
  readonly note: (mutant: Mutant, seed: number) => void
  /** Told of every defect that is done with. */
  readonly done: (hunted: Hunted) => void
}

/** Whether a seed breaks a promise in unspoilt code, asked once a seed: then it proves nothing about a defect. */
function createComparison({ directory }: Sources, participants: number) {
  const asked = new Map<number, Promise<boolean>>()
  async function fails(seed: number): Promise<boolean> {
    for await (const { problem } of trials(directory, { first: seed, seeds: 1, participants }))
      return problem !== undefined
    return false
  }
  return (seed: number): Promise<boolean> => {
    const answer = asked.get(seed) ?? fails(seed)
    asked.set(seed, answer)
    return answer
  }
}

async function hunt(
  original: Sources,
  mutant: Mutant,
  failsAnyway: (seed: number) => Promise<boolean>,
  { seeds, participants, note }: HuntOptions,
): Promise<Hunted> {
  const copy = await copySources(original.directory)
  try {
    await spoil(copy, mutant)
    for await (const { seed, problem } of trials(copy.directory, { first: 1, seeds, participants })) {
      note(mutant, seed)
      if (!problem || (await failsAnyway(seed))) continue
      const { check, detail } = problem
      return { mutant, seeds: seed, caught: { check, seed, detail } }
    }
    return { mutant, seeds }
  } finally {
    await copy.remove()
  }
}

/** Looks for every defect with the simulator, in copies of the sources at `root`; in the order of the defects. */
export async function huntAll(
  root: string,
  mutants: readonly Mutant[],
  options: HuntOptions,
): Promise<readonly Hunted[]> {
  const original = await copySources(root)
  const failsAnyway = createComparison(original, options.participants)
  const results = new Map<Mutant, Hunted>()
  const left = [...mutants]
  async function oneAfterTheOther(): Promise<void> {
    for (let mutant = left.shift(); mutant; mutant = left.shift()) {
      const hunted = await hunt(original, mutant, failsAnyway, options)
      results.set(mutant, hunted)
      options.done(hunted)
    }
  }
  try {
    await Promise.all(Array.from({ length: options.width }, oneAfterTheOther))
  } finally {
    await original.remove()
  }
  return mutants.flatMap((mutant) => results.get(mutant) ?? [])
}
