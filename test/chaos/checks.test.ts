import { describe, expect, it } from 'vitest'
import { createBook, type Movement } from '../../infra/local/partners/book.ts'
import { draft, type Situation } from '../../shared/domain/decide.ts'
import type { Claim, Entry, PayoutEvent } from '../../shared/domain/entry.ts'
import { replay, stateOf } from '../../shared/domain/fold.ts'
import { epochMs, type Instant, plusSeconds } from '../../shared/domain/instant.ts'
import { type Payout, payouts } from '../../shared/domain/payout.ts'
import { rupiah } from '../../shared/domain/rupiah.ts'
import { scheme2020 } from '../../shared/domain/scheme.ts'
import { toItem } from '../../shared/ledger/dynamodb/attributes.ts'
import { chained, entryItem } from '../../shared/ledger/dynamodb/journal.ts'
import type { Item } from '../../shared/ledger/dynamodb/write-units.ts'
import { at, linked, participantId } from '../domain/examples.ts'
import { claimOf } from '../domain/story.ts'
import { createChecks, type Problem } from './checks.ts'
import { drawClock } from './clock.ts'
import { newWorker, type Worker } from './operations.ts'
import { createRandom } from './random.ts'

type Partner = 'gopay' | 'bni'
type EventOf = (situation: Situation, now: Instant) => PayoutEvent

/** Who writes every entry. */
const by = 'pay/1'

/** The payouts of P-00017 and the books of two partners: whatever happens, happens an hour after what was before it. */
function createScene() {
  const problems: Problem[] = []
  let now = at('2020-11-10T00:00:00+07:00')
  const time = () => epochMs(now)
  const emptyBook = () => createBook({ float: rupiah(10_000_000), now: time })
  const books = { gopay: emptyBook(), bni: emptyBook() }
  const contradicted = new Set<string>()
  const workers = new Map<string, Worker>()
  const checks = createChecks({
    books: new Map(Object.entries(books)),
    windows: {},
    contradicted,
    workerOf: (name) => workers.get(name),
    report: (problem) => problems.push(problem),
  })
  const chains = new Map<Payout, readonly Entry[]>()
  let last: Item = {}
  const passes = () => {
    now = plusSeconds(now, 3_600)
  }

  /** Writes what `eventOf` makes of the payout as it is; `change`: what is wrong with its entry. */
  function append(payout: Payout, eventOf: EventOf, change: Partial<Entry>): void {
    passes()
    const chain = chains.get(payout) ?? []
    const standing = replay(chain)
    const state = stateOf(standing, linked, payout)
    const situation = { participantId, payout, scheme: scheme2020.name, standing, state }
    const event = eventOf(situation, now)
    const { postings } = draft(situation, event, now, by)
    const entry = { owner: participantId, subject: payout, at: now, by, event, postings }
    const written = { ...chained(chain, entry), ...change }
    chains.set(payout, [...chain, written])
    last = toItem(entryItem(written))
    checks.written(undefined, last)
  }

  return {
    checks,
    contradicted,
    broken: () =>
      problems.map(({ check, subject, detail }) => `${`${check} ${subject}`.trimEnd()}: ${detail}`),
    append,
    writesOver: () => checks.written(last, last),
    moves(partner: Partner, direction: Movement['direction'], partnerReferenceNo: string) {
      passes()
      const account = { accountNumber: '081200000001', serviceCode: '38' }
      const amount = rupiah(600_000)
      books[partner].enter({ at: now, direction, partnerReferenceNo, referenceNo: '1', amount, ...account })
    },
    begins() {
      passes()
      const clock = drawClock(time, createRandom(1, 1), 0)
      const machine = { id: 1, functionName: 'pay', endsAt: 0, unstoppable: false, clock }
      workers.set(by, newWorker({ ...machine, startedAt: time() }))
    },
  }
}
type Scene = ReturnType<typeof createScene>
type Step = (scene: Scene) => void

const first = 'P-00017-I1-A1'
const second = 'P-00017-I1-A2'

const writes =
  (event: PayoutEvent, change: Partial<Entry> = {}): Step =>
  (scene) =>
    scene.append('incentive-1', () => event, change)
const claims =
  (change: Partial<Claim> = {}, payout: Payout = 'incentive-1', entry: Partial<Entry> = {}): Step =>
  (scene) =>
    scene.append(payout, (...read) => ({ ...claimOf(...read), ...change }), entry)
const pays =
  (reference: string, partner: Partner = 'gopay'): Step =>
  (scene) =>
    scene.moves(partner, 'debit', reference)
const sends =
  (reference: string, partner: Partner = 'gopay'): Step =>
  (scene) =>
    scene.checks.sending(partner, reference)
const delivers: Step = ({ checks }) => checks.delivered(second)
const begins: Step = (scene) => scene.begins()
const takesBack: Step = (scene) => scene.moves('gopay', 'credit', first)
const paysAfterAll: Step = (scene) => {
  pays(first)(scene)
  scene.contradicted.add(first)
}
const rejection: PayoutEvent = { type: 'rejected', attempt: 1, reason: 'account-blocked', evidence: {} }
const rejected = writes(rejection)
/** What is found out about an attempt, with the partner's status of it. */
const proof = (
  type: 'disbursed' | 'surfaced' | 'overpaid' | 'recovered' | 'written-off',
  status = '00',
  attempt = 1,
): Step => writes({ type, attempt, evidence: { status } })
const overpaid = proof('overpaid')
const held = writes({ type: 'held', reason: 'checked' })
/** Every payout but the last is claimed, for what it is. */
const claimsSix = payouts.slice(0, -1).map((payout) => claims({}, payout))

function sceneOf(...steps: readonly Step[]): Scene {
  const scene = createScene()
  for (const step of steps) step(scene)
  return scene
}

describe('is reported, and what comes nearest to it is not:', () => {
  const payout = 'P-00017 incentive-1'
  const amount = rupiah(50_001)
  const posting = { from: 'payable/survey', to: 'in-transit/gopay/survey', amount }
  it.each<[string, string, readonly Step[], readonly Step[]]>([
    [
      'an entry that carries the hash of no entry before it',
      `chain ${payout}: entry 2 carries another hash than its predecessor's`,
      [claims(), writes(rejection, { previousHash: '' })],
      [claims(), rejected],
    ],
    [
      'an entry that is written a second time',
      `append-only ${payout}: entry incentive-1#0001 was written over`,
      [claims(), (scene) => scene.writesOver()],
      [claims()],
    ],
    [
      'a claim of what people hold',
      `held ${payout}: ${first} is claimed on hold`,
      [held, claims()],
      [held, writes({ type: 'hold-released', reason: 'fine' }), claims()],
    ],
    [
      'late proof that makes two attempts the payment',
      `one attempt ${payout}: 2 attempts are open or paid`,
      [claims(), rejected, claims(), paysAfterAll, proof('surfaced')],
      [claims(), rejected, claims(), paysAfterAll, overpaid],
    ],
    [
      'a transfer beside an open attempt',
      `one attempt ${payout}: ${first} is sent to gopay while ${second} is sending`,
      [claims(), rejected, claims(), paysAfterAll, overpaid, sends(first)],
      [claims(), rejected, claims(), paysAfterAll, overpaid, sends(second)],
    ],
    [
      'a claim behind an attempt that is not closed',
      `new attempt ${payout}: claimed while ${first} is overpaid`,
      [claims(), rejected, paysAfterAll, overpaid, claims()],
      [claims(), rejected, paysAfterAll, claims()],
    ],
    [
      'a claim behind an attempt that its partner has paid',
      `new attempt ${payout}: claimed while gopay has paid ${first}`,
      [claims(), rejected, pays(first), claims()],
      [claims(), rejected, pays(first), takesBack, claims()],
    ],
    [
      'a claim by one who could have heard that the partner has paid after all',
      `unasked ${payout}: claimed although gopay has paid ${first} since it rejected that`,
      [claims(), rejected, paysAfterAll, begins, claims()],
      [claims(), rejected, begins, paysAfterAll, claims()],
    ],
    [
      "a claim with another payout's reference",
      `reference P-00017 incentive-2: ${first} is used again`,
      [claims(), claims({ reference: first }, 'incentive-2')],
      [claims(), claims({}, 'incentive-2')],
    ],
    [
      'a payment that its partner knows nothing of',
      `paid ${payout}: ${first} is paid, and gopay knows nothing of it`,
      [claims(), proof('disbursed')],
      [claims(), pays(first), takesBack, proof('disbursed')],
    ],
    [
      'a rejection of what the partner has paid',
      `proof ${payout}: ${first} is rejected, and gopay has paid it`,
      [claims(), pays(first), rejected],
      [claims(), pays(first), takesBack, rejected],
    ],
    [
      'a recovery of what has not come back',
      `proof ${payout}: ${first} is returned, and gopay has paid it`,
      [claims(), rejected, paysAfterAll, claims(), overpaid, proof('recovered')],
      [claims(), rejected, paysAfterAll, claims(), overpaid, proof('written-off')],
    ],
    [
      'late proof of what nobody has paid',
      `late proof ${payout}: ${first} is surfaced, and nobody has paid it`,
      [claims(), rejected, proof('surfaced')],
      [claims(), rejected, paysAfterAll, proof('surfaced')],
    ],
    [
      'late proof beside another attempt of what nobody has paid',
      `late proof ${payout}: ${first} is overpaid, and nobody has paid it`,
      [claims(), rejected, claims(), overpaid],
      [claims(), rejected, claims(), paysAfterAll, overpaid],
    ],
    [
      'a claim that books nothing',
      `in transit ${payout}: 0 booked, open attempts say 600000`,
      [claims({}, 'incentive-1', { postings: [] })],
      [claims()],
    ],
    [
      'a rupiah too much for one participant',
      'ceiling P-00017: is paid 2550001',
      [...claimsSix, claims({ amount }, 'survey-3', { postings: [posting] })],
      [...claimsSix, claims({}, 'survey-3'), rejected, claims()],
    ],
    [
      'a transfer that nobody has claimed',
      `claim first: ${first} is sent to gopay, and nobody has claimed it`,
      [sends(first)],
      [claims(), sends(first)],
    ],
    [
      'a transfer to another partner than it was claimed for',
      `claim first ${payout}: ${first} is sent to bni, but claimed for gopay`,
      [claims(), sends(first, 'bni')],
      [claims({ partner: 'bni' }), sends(first, 'bni')],
    ],
    [
      'a transfer of a closed attempt',
      `closed attempt ${payout}: ${first} is sent to gopay although it is rejected`,
      [claims(), rejected, sends(first)],
      [claims(), rejected, claims(), sends(second)],
    ],
    [
      'partners that pay two attempts',
      `paid twice ${payout}: the partners have paid 1200000`,
      [claims(), rejected, claims({ partner: 'bni' }), pays(first), pays(second, 'bni'), delivers],
      [claims(), rejected, claims({ partner: 'bni' }), paysAfterAll, pays(second, 'bni'), delivers],
    ],
  ])('%s', (_, problem, broken, sound) => {
    expect(sceneOf(...broken).broken()).toEqual([problem])
    expect(sceneOf(...sound).broken()).toEqual([])
  })

  it('a claim beside an open attempt, which breaks two', () => {
    expect(sceneOf(claims(), claims()).broken()).toEqual([
      `one attempt ${payout}: 2 attempts are open or paid`,
      `new attempt ${payout}: claimed while ${first} is sending`,
    ])
  })

  it('an entry that leaves one out, behind which nothing can be read', () => {
    const scene = sceneOf(claims())
    expect(() => writes(rejection, { seq: 3 })(scene)).toThrow('entry 3 does not follow 1')
    expect(scene.broken()).toEqual([`chain ${payout}: entry 3 follows 1`])
  })
})

describe('of what was written is known', () => {
  it('what became of each attempt', () => {
    const { checks } = sceneOf(claims(), rejected, claims())
    const references = [first, second, 'P-00017-I1-A3']
    expect(references.map(checks.statusOf)).toEqual(['rejected', 'sending', undefined])
    expect(checks.known('P-00017 incentive-1')?.chain.length).toBe(3)
  })

  it.each<[string, readonly Step[], boolean]>([
    ['with its proof', [pays(first), takesBack, proof('disbursed', '04')], true],
    ['with late proof', [rejected, paysAfterAll, takesBack, proof('surfaced', '04')], true],
    ['not with a proof that says nothing of it', [pays(first), takesBack, proof('disbursed')], false],
    ['not with the proof of another attempt', [rejected, claims(), proof('disbursed', '04', 2)], false],
  ])('whether a partner has said that money came back: %s', (_, steps, isToldBack) => {
    expect(sceneOf(claims(), ...steps).checks.isToldBack(first)).toBe(isToldBack)
  })

  it('which attempts their partners have refused, and which they have put off', () => {
    const notBefore = at('2020-11-11T00:00:00+07:00')
    const deferred = writes({ type: 'deferred', attempt: 2, reason: 'daily-limit', notBefore, evidence: {} })
    const { checks } = sceneOf(claims(), rejected, claims(), deferred, claims({}, 'survey-1'))
    expect(checks.refused().map(({ reference }) => reference)).toEqual([first, second])
  })
})
