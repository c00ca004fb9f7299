import { counted, table } from '../../../infra/local/text.ts'
import type { Hunted } from './hunt.ts'

const byOf = ({ caught }: Hunted): string =>
  caught ? (caught.check === 'error' ? 'the run threw' : caught.check) : 'SURVIVES'

/** Every defect, the check that noticed it, and after how many seeds. */
export function describeHunts(all: readonly Hunted[]): string {
  const rows = all.map((hunted) => {
    const { mutant, seeds } = hunted
    return [mutant.name, byOf(hunted), String(seeds), mutant.sentence]
  })
  const survivors = all.filter(({ caught }) => !caught).map(({ mutant }) => mutant.name)
  const end =
    survivors.length === 0
      ? `${counted(all.length, 'defect')}, all of them noticed`
      : `${counted(all.length, 'defect')}, not noticed: ${survivors.join(', ')}`
  return [
    ...table([['defect', 'noticed by', 'seeds', ''], ...rows], ['left', 'left', 'right', 'left']),
    '',
    end,
  ].join('\n')
}

/** The same as plain data. */
export const summaryOf = (all: readonly Hunted[]) => ({
  defects: all.map(({ mutant: { name, sentence, file }, seeds, caught }) => ({
    name,
    sentence,
    file,
    seeds,
    caught: caught ?? null,
  })),
  survivors: all.filter(({ caught }) => !caught).map(({ mutant }) => mutant.name),
})
