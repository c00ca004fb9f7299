import type * as z from 'zod'
import { formatRupiah } from '../../../shared/domain/rupiah.ts'
import { routes } from '../../../shared/operations/routes.ts'
import { type previewAnswer, type SkipReason, skipReasons } from '../../../shared/operations/schemas.ts'
import { apart, table } from '../../command/table.ts'
import { type Plan, plan, present, type Shown, type Verb, type View } from '../../command/verb.ts'
import { moment } from '../../command/words.ts'
import { type Given, isMistake, type Mistake } from '../../command-line.ts'
import { count, counted } from '../../local/text.ts'
import { completeInstruction, showInstruction } from '../instruction.ts'
import { filters, wait, why } from '../options.ts'
import { payoutForms, readPayouts } from '../subject.ts'
import { filterOf } from './lists.ts'

type Preview = z.output<typeof previewAnswer>

/** Why a payout would not be sent, and what can be done. */
const meanings: Readonly<Record<SkipReason, string>> = {
  'not-found': 'there is no such payout',
  'unknown-outcome': 'nobody knows whether it was paid: inquire, or settle by a document',
  'already-paid': 'it is paid',
  'not-failed': 'it has not failed: the system sends it by itself',
  'needs-participant': 'the participant has to link another account first',
  held: 'it is held: unhold it first',
  cancelled: 'it is cancelled for good',
  'attempts-exhausted': 'it has had every attempt the rules allow',
  'over-ceiling': 'the participant would get more than the scheme allows',
  'partner-paused': 'its partner is paused: resume it first',
  unreadable: 'its journal is damaged: an engineer has to look at it',
}

const skippedShown = 20

/** How many are left out and why, then the first of them by name. */
function skippedLines({ skipped, skippedPayouts }: Preview, { paint }: View): readonly string[] {
  const reasons = skipReasons.map((reason) => ({ reason, payouts: skipped[reason] ?? 0 }))
  const named = skippedPayouts.slice(0, skippedShown)
  const rest = skippedPayouts.length - named.length
  const summary = table(
    reasons.filter(({ payouts }) => payouts > 0),
    [
      { title: 'SKIPPED', right: true, text: ({ payouts }) => count(payouts) },
      { title: 'WHY', text: ({ reason }) => reason },
      { title: '', text: ({ reason }) => meanings[reason] },
    ],
    paint,
  )
  const names = table(
    named,
    [
      { title: 'PAYOUT', text: ({ participantId, payout }) => `${participantId}/${payout}` },
      { title: 'WHY', text: ({ why: reason }) => reason },
    ],
    paint,
  )
  return [...apart(summary), ...apart(names), ...(rest > 0 ? [`and ${count(rest)} more`] : [])]
}

/** How far a preview has looked, where there is more. */
const restOf = ({ truncated, lookedTo }: Preview): readonly string[] => {
  if (!truncated) return []
  if (lookedTo === undefined) return ['there was no time to look at anything: give the command again']
  return [`looked at what has failed up to ${moment(lookedTo)}, oldest first: there is more`]
}

const showPreview =
  ({ texts, switches }: Given) =>
  (preview: Preview, view: View): Shown => {
    const { set, payments, rupiah, needsApproval, approvalReasons, next } = preview
    const people = needsApproval ? '; a second person has to approve it' : ''
    const sum = `would retry ${counted(payments, 'payment')}, ${formatRupiah(rupiah)}${people}`
    const options = Object.entries(texts).filter(([name]) => name in filters)
    const filter = options.map(([name, value]) => ` --${name} ${value}`).join('')
    const again = `retry${switches.has('all') ? ' --all' : filter} --cursor ${next}`
    return {
      lines: [
        view.paint('strong', sum),
        ...approvalReasons.map((why) => view.paint('open', `it takes two people: ${why}`)),
        ...restOf(preview).map((line) => view.paint('open', line)),
        ...skippedLines(preview, view),
        ...(payments > 0 ? ['', `set ${set}`] : []),
      ],
      hints: [
        ...(payments > 0 ? [`Carry it out: ${view.command(`retry --apply ${set} --reason "…"`)}`] : []),
        ...(next === undefined ? [] : [`The rest: ${view.command(again)}`]),
      ],
    }
  }

/** What a preview takes, and --apply does not. */
const choosing = {
  ...filters,
  cursor: { value: 'TEXT', says: 'go on where a preview ended', takes: 'what the preview before has given' },
} as const

function apply(given: Given, set: string): Plan | Mistake {
  const others = Object.keys(given.texts).find((name) => name in choosing && name !== 'reason')
  if (given.words.length > 0 || others !== undefined || given.switches.has('all'))
    return { mistake: '--apply takes the set as it was previewed: leave out payouts and filters' }
  const reason = given.texts.reason
  if (reason === undefined) return { mistake: `retry --apply needs --reason: ${why.takes}` }
  const body = { instruction: 'retry', set, reason }
  return plan(routes.instruct, { body }, showInstruction, completeInstruction)
}

function preview(given: Given): Plan | Mistake {
  const filter = filterOf(given)
  const filtered = Object.keys(filter).length > 0
  const all = given.switches.has('all')
  const ways = [given.words.length > 0, filtered, all].filter((way) => way).length
  if (ways !== 1)
    return { mistake: `retry takes either ${payoutForms}, or filters such as --partner bni, or --all` }
  const { cursor } = given.texts
  if (given.words.length === 0)
    return plan(routes.preview, { body: present({ filter, cursor }) }, showPreview(given))
  if (cursor !== undefined)
    return { mistake: '--cursor goes with the filters, or --all, of the preview that has given it' }
  const payouts = readPayouts(given.words)
  return isMistake(payouts) ? payouts : plan(routes.preview, { body: { payouts } }, showPreview(given))
}

export const retry: Verb = {
  name: 'retry',
  summary: 'Sends failed payouts again: first a preview, then exactly what was previewed.',
  words: [{ name: 'payouts', takes: payoutForms, many: true, optional: true }],
  options: {
    ...choosing,
    all: { says: 'everything that has failed' },
    reason: {
      value: 'TEXT',
      says: 'in a preview: only with this reason; with --apply: why, in your own words',
      takes:
        'a reason as the list shows it; with --apply 3 to 200 characters that say why, and no account number',
    },
    apply: {
      value: 'HASH',
      says: 'carry out the set of a preview',
      takes: 'the hash that a preview has printed, 64 letters and digits',
      field: 'set',
    },
    wait,
  },
  routes: [routes.preview, routes.instruct],
  examples: [
    ['P-00017/incentive-2 P-00018/survey-1', 'preview: what two payouts would come to'],
    ['--partner bni --reason failed-at-partner', 'preview: all failures of a kind'],
    ['--apply 3f1c… --reason "BNI has confirmed the repair"', 'carry out exactly what a preview has shown'],
  ],
  notes: `A preview changes nothing. It keeps its payments under a hash, and --apply sends those and no others: what has
changed in between is left out. It looks at the oldest first; where there is more than it can look at, or than one set
may hold, it says how far it came, and --cursor goes on there, whether or not its set was carried out. Nothing that may
have been paid is ever in a set. Two people have to stand behind more than one person may retry alone in 24 hours, in
however many sets, and behind any payment of which only a statement or a document says that its money is here: the
preview says why. What its partner has just rejected it is asked about once more, as soon as what it says is final: a
quarter of an hour after that.`,
  plan(given) {
    const set = given.texts.apply
    if (set !== undefined) return apply(given, set)
    return given.switches.has('wait')
      ? { mistake: '--wait goes with --apply: a preview starts no job' }
      : preview(given)
  },
}
