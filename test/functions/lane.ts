import { type RunDependencies, run } from '../../functions/inquire/run.ts'
import { takeIn } from '../../functions/intake/intake.ts'
import { payBatch } from '../../functions/pay/batch.ts'
import { type LaneQueue, type ReleaseDependencies, release } from '../../functions/release/release.ts'
import { claimTermSeconds } from '../../shared/domain/deadlines.ts'
import type { Command } from '../../shared/domain/decide.ts'
import { type Instant, plusSeconds } from '../../shared/domain/instant.ts'
import type { Payout } from '../../shared/domain/payout.ts'
import type { Control } from '../../shared/domain/permit.ts'
import { availableChange } from '../../shared/domain/postings.ts'
import { type Rupiah, rupiah } from '../../shared/domain/rupiah.ts'
import { scheme2020 } from '../../shared/domain/scheme.ts'
import { changeControl } from '../../shared/ledger/control.ts'
import { apply, project, readCase } from '../../shared/ledger/payout.ts'
import type { LedgerWithAccounts, Place } from '../../shared/ledger/ports.ts'
import { at, unknown } from '../domain/examples.ts'
import { createScriptedPartner } from '../support/scripted-partner.ts'
import { accountLinked, type Change, certificateIssued, type Envelope, publishers } from './events.ts'

export const incentive = scheme2020.amount.incentive
export const funded = rupiah(10_000_000)
export const shards = 2
const settleWindowSeconds = 900
/** So long after a claim the lane's partner has booked all that reached it, and what it says of it is final. */
export const settledSeconds = claimTermSeconds + settleWindowSeconds

let lanes = 0
/** All lanes of the process, so that a participant can go from one to another. */
const partners: Record<string, 'wallet'> = {}

let participants = 0
const newParticipant = (): string => `P-${String(++participants).padStart(5, '0')}`
/** A wallet number that nobody else in the file has; it ends as the participant's id does. */
const numberOf = (participantId: string): string => `0812000${participantId.slice(2)}`

type Batch = Partial<Parameters<typeof payBatch>[0]>
type Run = Partial<RunDependencies>
type Reported = Parameters<RunDependencies['report']>[0]
export type Message = readonly [participantId: string, payout?: Payout]
const bodyOf = ([participantId, payout = 'incentive-1']: Message): string =>
  JSON.stringify({ participantId, payout })

/**
 * A lane of its own for one test: a partner of that name with nothing in its lists but the test's participants, a
 * float, a clock that the test moves, and everything that functions do there.
 */
export async function createLane(ledger: LedgerWithAccounts) {
  const partnerName = `lane-${++lanes}`
  partners[partnerName] = 'wallet'
  const partner = createScriptedPartner()
  const ours: string[] = []
  let now = at('2020-09-18T10:00:01+07:00')
  let invocations = 0
  const intake = { ledger, publishers, partners, shards, scheme: scheme2020 }
  const tell = (event: Envelope) => takeIn(intake, JSON.stringify(event), now, 'intake/test')

  /** A batch in the words of the queue, paid by an environment of its own. */
  function payBodies(bodies: readonly string[], change: Batch = {}) {
    const by = `pay/${partnerName}/${++invocations}`
    const configuration = { settleWindowSeconds }
    const rate = { ratePerSecond: 100, configuration }
    const lane = { ledger, partnerName, partner, shards, verified: new Map(), ...rate }
    const invocation = { now: () => now, by, permitId: by, usedUp: new Set<string>(), timeFor: () => true }
    return payBatch({ ...lane, ...invocation, ...change }, bodies)
  }
  const readControl = () => ledger.lanes.read(partnerName)
  const chainOf = (participantId: string, payout: Payout) => ledger.journal.read(participantId, payout)

  const lane = {
    ledger,
    partnerName,
    partner,
    now: (): Instant => now,
    pass: (seconds: number) => {
      now = plusSeconds(now, seconds)
    },
    goTo: (text: string) => {
      now = at(text)
    },
    tell,
    control: readControl,
    /** What may still be spent, and how many permits are on the control row. */
    async float() {
      const { available, permits } = await readControl()
      return { available, permits: Object.keys(permits).length }
    },
    changeControl: (change: Partial<Control>) =>
      changeControl(ledger.lanes, partnerName, (control) => ({
        control: { ...control, ...change, version: control.version + 1 },
      })),

    /** A participant with a certificate and, if nothing else is said, an account here; incentive-1 is due. */
    async participant({ linked = true, certificate = {} }: { linked?: boolean; certificate?: Change } = {}) {
      const participantId = newParticipant()
      ours.push(participantId)
      await tell(certificateIssued(participantId, certificate))
      if (linked) await lane.link(participantId)
      return participantId
    },
    link: (participantId: string, change: Change = {}) =>
      tell(
        accountLinked(participantId, {
          partner: partnerName,
          accountNumber: numberOf(participantId),
          ...change,
        }),
      ),
    payBodies,
    pay: (messages: readonly Message[], change: Batch = {}) => payBodies(messages.map(bodyOf), change),
    /** One run of inquire, and what it reported. */
    async inquire(change: Run = {}) {
      const reported: Reported[] = []
      const configuration = { settleWindowSeconds, idempotencyWindowSeconds: 0 }
      const limits = { questionsMax: 10, turn: async () => true }
      const invocation = { now: () => now, by: `inquire/${partnerName}/${++invocations}` }
      const report = (result: Reported) => void reported.push(result)
      const deps = { ledger, partnerName, partner, configuration, shards, ...limits, ...invocation, report }
      return { ...(await run({ ...deps, ...change })), reported }
    },
    /** One run of release, into a queue that holds `depth` messages, and what it sent there. */
    async release(change: Partial<ReleaseDependencies> & { readonly depth?: number } = {}) {
      const { depth = 0, ...others } = change
      const messages: Place[] = []
      const delays: number[] = []
      const queue: LaneQueue = {
        depth: () => Promise.resolve(depth),
        async send(sent) {
          for (const { delaySeconds, ...place } of sent) {
            messages.push(place)
            delays.push(delaySeconds)
          }
        },
      }
      const deps = { ledger, queue, partnerName, ratePerSecond: 100, shards, scheme: scheme2020, ...others }
      return { ...(await release(deps, now)), messages, delays }
    },
    /** What a person does to a payout. */
    async operate(participantId: string, command: Command, payout: Payout = 'incentive-1') {
      const found = await readCase(ledger, { participantId, payout })
      if (!found) throw new Error(`${participantId} has no entitlement`)
      const applied = await apply(ledger, found, command, { at: now, by: 'ops/ani' })
      await project(ledger, applied.now, shards)
    },
    async row(participantId: string, payout: Payout = 'incentive-1') {
      const { rows } = await ledger.participants.read(participantId)
      return rows.find((row) => row.payout === payout)
    },
    chain: chainOf,
    async entries(participantId: string, payout: Payout = 'incentive-1') {
      return (await chainOf(participantId, payout)).map(({ event }) => event.type)
    },
    /** Everything that is stored of the lane's participants, to see that nothing was written. */
    stored: () =>
      Promise.all(
        ours.map(async (id) => [await ledger.participants.read(id), await ledger.journal.readAll(id)]),
      ),
    /** How far the control row is from what the journal says may be spent: 0 unless a permit has unused parts. */
    async misstatedFloat(float: Rupiah = funded): Promise<number> {
      const chains = await Promise.all(ours.map((id) => ledger.journal.readAll(id)))
      const entries = chains.flatMap((chain) => [...chain.values()].flat())
      const change = availableChange(
        entries.flatMap(({ postings }) => postings),
        partnerName,
      )
      return (await readControl()).available - (float + change)
    },
    fund: (amount: Rupiah, document = `TREASURY-${partnerName}`) =>
      ledger.lanes.fund({
        partner: partnerName,
        scheme: partnerName,
        budget: scheme2020.budget,
        amount,
        document,
        at: now,
        by: 'finance/ani',
      }),
  }
  await lane.fund(funded)
  return lane
}
export type Lane = Awaited<ReturnType<typeof createLane>>

/** A participant whose incentive-1 was sent just now, and the partner gave no answer. */
export async function unanswered(lane: Lane): Promise<string> {
  const participantId = await lane.participant()
  lane.partner.pays(unknown())
  await lane.pay([[participantId]])
  return participantId
}
