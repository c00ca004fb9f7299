import { expect, onTestFinished, test } from 'vitest'
import { type BehaviourNumber, behaviourNumbers, behaviours } from '../../infra/local/partners/behaviours.ts'
import { startSimulator } from '../../infra/local/partners/simulator.ts'
import { epochMs, instant } from '../../shared/domain/instant.ts'
import { rupiah } from '../../shared/domain/rupiah.ts'
import type { PartnerConfiguration } from '../../shared/partners/configuration.ts'
import { partnerConfigurations } from '../../shared/partners/registry.ts'
import { createSnapPartner } from '../../shared/partners/snap/client.ts'
import { createPost } from '../../shared/partners/snap/http.ts'
import { credentials } from '../support/simulated-partner.ts'

/** Our client and the simulator were written apart; here they meet. */
const now = instant(Date.UTC(2020, 8, 18, 3))

async function connect(name: string, configuration: PartnerConfiguration) {
  const simulator = await startSimulator({
    partner: name,
    configuration,
    credentials,
    now: () => epochMs(now),
    float: 1_000_000,
  })
  onTestFinished(() => simulator.stop())
  let externalIds = 0
  const partner = createSnapPartner({
    configuration,
    credentials,
    post: createPost(simulator.baseUrl),
    externalId: () => `${++externalIds}`,
  })
  return { simulator, partner }
}

const order = (accountNumber: string) => ({
  partnerReferenceNo: 'P-00017-I1-A1',
  amount: rupiah(600_000),
  transactionDate: now,
  accountNumber,
  verifiedName: 'BUDI SANTOSO',
})

test.each(Object.entries(partnerConfigurations))(
  '%s is verified, paid, asked and counted',
  async (name, configuration) => {
    const { simulator, partner } = await connect(name, configuration)
    const number = configuration.kind === 'bank' ? '0316031099' : '+6281200000001'
    simulator.knowAccount(number, 'BUDI SANTOSO')
    const account = { number, holderName: 'Budi Santoso' }
    expect(await partner.verify(account, rupiah(600_000), now)).toMatchObject({ outcome: 'verified' })
    const request = partner.transfer(order(number))
    expect(await request.send(now)).toMatchObject({ outcome: 'paid' })
    expect(await request.send(now)).toMatchObject({ outcome: 'unknown', cause: 'duplicate-reference' })
    expect(await partner.inquire(order(number), now)).toMatchObject({ outcome: 'paid' })
    expect(await partner.balance(now)).toEqual({ outcome: 'known', available: 400_000 })
    expect(simulator.book.totals()).toEqual({ references: 1, rupiah: 600_000 })
  },
)

/** Verification, first send and first question, as our client understands them. */
const outcomes: Record<BehaviourNumber, string> = {
  '00': 'verified, paid, paid',
  '01': 'verified, pending, pending',
  '02': 'verified, pending, pending',
  '03': 'verified, unknown connection-lost, paid',
  '04': 'verified, unknown server-error, paid',
  '05': 'verified, unknown server-error, not-found',
  '06': 'verified, unknown server-error, failed',
  '07': 'verified, unknown connection-lost, not-found',
  '08': 'verified, unknown connection-lost, not-found',
  '09': 'verified, deferred rate-limited, not-found',
  '10': 'verified, rejected wallet-not-upgraded, failed',
  '11': 'verified, rejected account-dormant, failed',
  '12': 'verified, rejected account-inactive, failed',
  '13': 'verified, rejected account-abnormal, failed',
  '14': 'refused account-unknown, rejected account-unknown, failed',
  '15': 'refused name-mismatch, paid, paid',
  '16': 'verified, rejected amount-over-limit, failed',
  '17': 'verified, deferred daily-limit, failed',
  '18': 'verified, deferred cut-off, failed',
  '19': 'verified, deferred float-empty, failed',
  '20': 'verified, pending, pending',
  '21': 'verified, pending, pending',
  '22': 'verified, pending, pending',
  '23': 'verified, unknown unreadable-answer, paid',
  '24': 'verified, unknown unreadable-answer, paid',
  '25': 'verified, unknown answer-mismatch, paid',
  '26': 'verified, unknown answer-mismatch, paid',
  '27': 'verified, unknown connection-lost, not-found',
  '28': 'verified, paid, paid',
  '29': 'verified, unknown server-error, not-found',
  '30': 'verified, rejected suspected-fraud, failed',
  '31': 'verified, unknown timeout, paid',
  '32': 'verified, paid, paid',
  '33': 'verified, pending, pending',
  '34': 'verified, paid, paid',
  '35': 'verified, unknown duplicate-reference, not-found',
  '36': 'verified, pending, not-found',
  '37': 'verified, unknown connection-lost, unknown server-error',
  '38': 'unavailable server-error, paid, paid',
  '39': 'verified, unknown connection-lost, not-found',
  '40': 'refused wallet-not-upgraded, rejected wallet-not-upgraded, failed',
  '41': 'refused account-dormant, rejected account-dormant, failed',
  '42': 'refused account-inactive, rejected account-inactive, failed',
  '43': 'refused account-abnormal, rejected account-abnormal, failed',
  '44': 'refused account-unknown, rejected account-inactive, failed',
  '45': 'verified, unknown connection-lost, not-found',
  '46': 'verified, unknown connection-lost, not-found',
  '47': 'verified, unknown connection-lost, unknown unreadable-answer',
  '48': 'verified, unknown connection-lost, unknown answer-mismatch',
  '49': 'verified, unknown connection-lost, failed',
}

test.each(behaviourNumbers.map((number) => [number, behaviours[number].sentence] as const))(
  'our client understands %s: %s',
  async (behaviour) => {
    const impatient = {
      ...partnerConfigurations.ovo,
      ...(behaviour === '31' && { callDeadlineSeconds: 0.3 }),
    }
    const { simulator, partner } = await connect('ovo', impatient)
    const number = `+62899${behaviour}000001`
    simulator.knowAccount(number, 'BUDI SANTOSO')
    const account = { number, holderName: 'BUDI SANTOSO' }
    const seen = [
      await partner.verify(account, rupiah(600_000), now),
      await partner.transfer(order(number)).send(now),
      await partner.inquire(order(number), now),
    ]
    expect(seen.map(inWords).join(', ')).toBe(outcomes[behaviour])
  },
)

const inWords = (seen: { outcome: string; reason?: string; cause?: string }): string =>
  [seen.outcome, seen.reason ?? seen.cause].filter(Boolean).join(' ')
