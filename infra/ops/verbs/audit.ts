import * as z from 'zod'
import { civilDate } from '../../../shared/domain/instant.ts'
import { auditSchema } from '../../../shared/ledger/register-schemas.ts'
import { brokenAudit } from '../../../shared/operations/audit.ts'
import { digestOf } from '../../../shared/operations/digest.ts'
import { instructionSchema } from '../../../shared/operations/instructions.ts'
import { routes } from '../../../shared/operations/routes.ts'
import type { auditAnswer } from '../../../shared/operations/trail.ts'
import { exitCodes } from '../../command/exit-codes.ts'
import type { Paint } from '../../command/paint.ts'
import { table } from '../../command/table.ts'
import { isStopped, plan, type Shown, type Verb, type View } from '../../command/verb.ts'
import { moment } from '../../command/words.ts'
import { count, counted } from '../../local/text.ts'
import { describeInstruction } from '../instruction.ts'
import { cutOff, everyPage } from '../paging.ts'

type Trail = z.output<typeof auditAnswer>

const effects = z.record(z.string(), z.number())

/** One part of a record's detail: an instruction as a sentence, effects as `7 held`, anything else as `name=value`. */
function describePart(name: string, value: unknown): string {
  const instruction = name === 'instruction' ? instructionSchema.safeParse(value).data : undefined
  if (instruction) return describeInstruction(instruction)
  const counts = name === 'effects' ? effects.safeParse(value).data : undefined
  if (counts) {
    const each = Object.entries(counts).map(([outcome, number]) => `${count(number)} ${outcome}`)
    return each.join(', ') || 'nothing to change'
  }
  return `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`
}

const detailOf = ({ instruction, ...rest }: Readonly<Record<string, unknown>>): string =>
  Object.entries(instruction === undefined ? rest : { instruction, ...rest })
    .map(([name, value]) => describePart(name, value))
    .join('; ')

const joined = (all: Trail, { records, digests, broken, next }: Trail): Trail => {
  const first = all.broken ?? broken
  return {
    records: [...all.records, ...records],
    digests: [...all.digests, ...digests],
    ...(first !== undefined && { broken: first }),
    ...(next !== undefined && { next }),
  }
}

/** The trail with what its own hashes and the kept ones say, computed here and not taken from the API's word. */
async function verified(trail: Trail): Promise<Trail> {
  const unreadable = trail.records.find((record) => !auditSchema.safeParse(record).success)
  if (unreadable) return { ...trail, broken: `${unreadable.day} ${unreadable.seq}` }
  const records = z.array(auditSchema).parse(trail.records)
  const broken = brokenAudit(records)
  const digests = trail.digests.map(({ matches, ...digest }) => {
    const day = civilDate(digest.day)
    const { hash } = digestOf(
      day,
      records.filter((record) => record.day === day),
    )
    return { ...digest, matches: matches === 'missing' ? matches : matches && hash === digest.hash }
  })
  return { ...trail, digests, ...(broken && { broken: `${broken.day} ${broken.seq}` }) }
}

/** A line for each day that its digest does not vouch for, and how many days one does. */
function describeDigests({ digests }: Trail, paint: Paint): readonly string[] {
  const vouched = digests.filter(({ matches }) => matches === true).length
  const doubtful = digests.flatMap(({ day, matches }) => {
    if (matches === true) return []
    if (matches === 'missing') return [paint('bad', `${day} has no digest: nothing vouches for that day`)]
    return [paint('bad', `${day} is not what its digest says: records were changed, added or taken out`)]
  })
  return [...(vouched > 0 ? [`${counted(vouched, 'day')} as digested`] : []), ...doubtful]
}

function showTrail(trail: Trail, { paint }: View, verdictOnly: boolean): Shown {
  const { records, broken, digests } = trail
  const lines = table(
    verdictOnly ? [] : records,
    [
      { title: 'RECORD', text: ({ day, seq }) => `${day} ${seq}` },
      { title: 'WHEN (WIB)', text: ({ at }) => moment(at) },
      { title: 'BY', text: ({ by }) => by },
      { title: 'ROLE', text: ({ role }) => role },
      { title: 'ACTION', text: ({ action }) => action },
      { title: 'DETAIL', text: ({ detail }) => detailOf(detail) },
    ],
    paint,
  )
  const verdict =
    broken === undefined
      ? `${counted(records.length, 'record')}, each following from the one before it`
      : paint(
          'bad',
          `the chain is broken at ${broken}: that record, or the one before it, was changed or taken out`,
        )
  const sound = broken === undefined && digests.every(({ matches }) => matches === true)
  return {
    lines: [...lines, ...cutOff(trail), verdict, ...describeDigests(trail, paint)],
    ...(!sound && { code: exitCodes.refused }),
  }
}

export const audit: Verb = {
  name: 'audit',
  summary: routes.audit.summary,
  options: {
    from: { value: 'DAY', says: 'the first day, in Jakarta', takes: 'a day, written YYYY-MM-DD' },
    to: { value: 'DAY', says: 'the last day (the first)', takes: 'a day, written YYYY-MM-DD' },
    verify: { says: 'check every hash and digest here, too, and say only whether all is whole' },
  },
  routes: [routes.audit],
  examples: [
    ['--from 2020-10-01', 'what people have done on one day'],
    ['--from 2020-10-01 --to 2020-10-31 --verify', 'whether a month is still as it was written'],
  ],
  notes: `At most 31 days at a time. Each record carries the hash of the one before it, and each day's digest\nis kept where nobody can change it. The code is 1 when one does not follow, or a day is not what its digest says.`,
  plan({ texts: { from, to = from }, switches }) {
    const query = { ...(from !== undefined && { from }), ...(to !== undefined && { to }) }
    const verify = switches.has('verify')
    const show = (trail: Trail, view: View) => showTrail(trail, view, verify)
    const follow = everyPage(routes.audit, query, joined)
    return plan(routes.audit, { query }, show, async (first, session) => {
      const trail = await follow(first, session)
      return isStopped(trail) || !verify ? trail : verified(trail)
    })
  },
}
