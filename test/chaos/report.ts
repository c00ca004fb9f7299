import { count, counted, table } from '../../infra/local/text.ts'
import type { Arguments } from './arguments.ts'
import type { Problem } from './checks.ts'
import {
  type BehavioursMet,
  behavioursMet,
  type Coverage,
  describeBehaviour,
  enough,
  fallsShort,
  isEnough,
} from './coverage.ts'
import type { Failed, Results } from './seeds.ts'
import type { Story } from './story.ts'

/** What `--json` prints. */
export type Summary = {
  readonly seeds: number
  /** How many of them ran on the engine. */
  readonly engineSeeds: number
  readonly participants: number
  readonly failed: readonly {
    readonly seed: number
    readonly problems: readonly Problem[]
    /** Faults in steps before this one suffice; absent when so many seeds failed that nobody looked. */
    readonly prefix?: number
  }[]
  readonly steps: number
  readonly seconds: number
  readonly seedsPerMinute: number
  /** Of all that happened, seed by seed: two runs of the same seeds have the same, on whichever machine. */
  readonly digest: string
  readonly coverage: Omit<Coverage, 'unlisted'>
  readonly behaviours: BehavioursMet
}

const rounded = (value: number) => Math.round(value * 10) / 10

export const perMinute = (seeds: number, seconds: number): number => rounded((seeds * 60) / seconds)

export function summaryOf({ seeds, participants }: Arguments, results: Results, coverage: Coverage): Summary {
  const { engineSeeds, steps, seconds, digest, met, failed } = results
  const { points, covered, missing } = coverage
  return {
    seeds,
    engineSeeds,
    participants,
    failed: failed.map(({ outcome: { seed, problems }, shrunk }) => ({
      seed,
      problems,
      ...(shrunk && { prefix: shrunk.prefix }),
    })),
    steps,
    seconds: rounded(seconds),
    seedsPerMinute: perMinute(seeds, seconds),
    digest,
    coverage: { points, covered, missing },
    behaviours: behavioursMet(met),
  }
}

const indented = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`)

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', title, ...indented(lines)]
}

const inEnough = `; in ${enough.seeds} worlds of ${enough.participants}, all have`

export function describeSummary(asked: Arguments, results: Results, coverage: Coverage): string {
  const { engineSeeds, steps, seconds, digest, met, failed } = results
  const { points, covered, missing, unlisted } = coverage
  const behaved = behavioursMet(met)
  // Of few worlds that list would be long, and say nothing.
  const all = isEnough(asked)
  const faults = [...met.faults].sort(([, few], [, many]) => many - few)
  const rate = perMinute(asked.seeds, seconds)
  return [
    `${counted(asked.seeds, 'world')} of ${counted(asked.participants, 'participant')}, ${counted(steps, 'step')} in ${rounded(seconds)} s: ${count(rate)} worlds a minute`,
    `${count(engineSeeds)} of ${counted(asked.seeds, 'world')} on the embedded engine`,
    `The same seeds give the same run, byte for byte: sha256 ${digest}`,
    ...section(
      'Faults',
      table(
        faults.map(([fault, times]) => [fault, count(times)]),
        ['left', 'right'],
      ),
    ),
    '',
    `Fault points: ${covered} of ${points} had a crash before and a crash after${all ? '' : inEnough}`,
    ...section('Crashes that no worker had', all ? missing : []),
    ...section('Not listed in test/chaos/coverage.ts', unlisted),
    '',
    `Partners behaved in ${behaved.met} of the ${behaved.behaviours} ways that they know`,
    ...section('Behaviours that nobody met', all ? behaved.missing.map(describeBehaviour) : []),
    '',
    ...(fallsShort(coverage, asked) ? ['The fault points are not all covered, or not all listed.'] : []),
    failed.length === 0 ? 'Every promise held.' : `${counted(failed.length, 'seed')} failed.`,
  ].join('\n')
}

/** A failed seed: how to repeat it, how little of it fails, and what happened. */
export function describeFailure(
  { outcome, shrunk }: Failed,
  { participants, engine }: Pick<Arguments, 'participants' | 'engine'>,
): string {
  const { seed, problems, steps } = outcome
  const head = [
    `Seed ${seed} failed; npm run chaos -- --seed ${seed} --participants ${participants}${engine ? ' --engine' : ''} repeats it`,
    ...indented(problemLines(problems)),
  ]
  if (!shrunk) return head.join('\n')
  const { prefix, outcome: shortest } = shrunk
  const extent =
    prefix === 0
      ? 'It fails without any fault'
      : `It takes no fault after step ${count(prefix - 1)}${steps > 0 ? ` of ${count(steps)}` : ''}`
  const story = shortest.story
  return [
    ...head,
    `${extent}; then these are the problems`,
    ...indented(problemLines(shortest.problems)),
    ...(story ? describeStory(story) : []),
  ].join('\n')
}

const problemLines = (problems: readonly Problem[]): string[] =>
  problems.map(({ check, subject, detail }) => [`${check}:`, subject, detail].filter(Boolean).join(' '))

/** A few sections: what happened, the journal, our books, the partners' books. */
export function describeStory({ subject, lines, journal, balances, movements }: Story): string[] {
  const left = 'left' as const
  return [
    ...section(subject === '' ? 'The last that happened' : `What happened to ${subject}`, lines),
    ...section(
      'Journal, with the state after each entry',
      table(
        journal.map(({ at, payout, seq, by, event, state }) => [at, payout, `${seq}`, by, event, state]),
        [left, left, 'right', left, left, left],
      ),
    ),
    ...section(
      'Our books for it, in rupiah',
      table(
        balances.map(({ account, rupiah }) => [account, count(rupiah)]),
        [left, 'right'],
      ),
    ),
    ...section(
      "The partners' books for it, in rupiah",
      table(
        movements.map(({ at, partner, direction, reference, rupiah }) => [
          at,
          partner,
          direction,
          reference,
          count(rupiah),
        ]),
        [left, left, left, left, 'right'],
      ),
    ),
  ]
}
