import { payouts } from '../../shared/domain/payout.ts'
import { referenceOf } from '../../shared/domain/reference.ts'
import { readSubject, type Subject } from './subject.ts'

/** A line that a run wrote, and who acts in it. */
type Line = { readonly text: string; readonly index: number; readonly worker: string | undefined }

const linesMax = 200
const linesWithoutSubject = 40

const workerForm = /^\S+ ([a-z]+\/\d+) /
const lifeForm = /^\S+ \S+ (?:begins|runs out of time|failed:)/
const crashForm = /\(crash-(?:before|after)\)$/
const faultForm = /\([a-z-]+\)$/
const participantForm = /\bP-\d/

/**
 * The lines of a run that tell the story of a payout: whatever names it or its participant, how its workers began and
 * ended, what went wrong in them, and when time jumped meanwhile. Without a subject: the last lines. At most 200,
 * the latest.
 */
export function timelineOf(lines: readonly string[], subject: string): readonly string[] {
  const whom = readSubject(subject)
  if (!whom) return lines.slice(-linesWithoutSubject)
  const concerns = createConcern(whom)
  const read = lines.map((text, index): Line => ({ text, index, worker: workerForm.exec(text)?.[1] }))
  const named = new Set(read.filter(({ text }) => concerns(text)).map(({ index }) => index))
  const spans = spansOf(read, named)
  const during = (index: number) =>
    [...spans.values()].some(({ first, last }) => first < index && index < last)
  const tells = ({ text, index, worker }: Line): boolean => {
    if (named.has(index)) return true
    if (worker === undefined) return /^\S+ time: /.test(text) && during(index)
    if (!spans.has(worker)) return false
    return (
      lifeForm.test(text) || crashForm.test(text) || (faultForm.test(text) && !participantForm.test(text))
    )
  }
  return read
    .filter(tells)
    .map(({ text }) => text)
    .slice(-linesMax)
}

/** From which line to which the workers act that have to do with the named lines. */
function spansOf(lines: readonly Line[], named: ReadonlySet<number>) {
  const concerned = new Set(lines.filter(({ index }) => named.has(index)).map(({ worker }) => worker))
  const spans = new Map<string, { readonly first: number; readonly last: number }>()
  for (const { worker, index } of lines)
    if (worker !== undefined && concerned.has(worker))
      spans.set(worker, { first: spans.get(worker)?.first ?? index, last: index })
  return spans
}

/** Whether a line names the participant, and none of the payouts that are not asked for. */
function createConcern({ participantId, payouts: asked }: Subject): (line: string) => boolean {
  const participant = new RegExp(`(?<![A-Z0-9])${participantId}(?![0-9])`)
  const strangers = payouts
    .filter((payout) => !asked.includes(payout))
    .flatMap((payout) => [
      `${participantId} ${payout}`,
      referenceOf(participantId, payout, 1).replace(/1$/, ''),
    ])
  return (line) => participant.test(line) && !strangers.some((stranger) => line.includes(stranger))
}
