import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { type IntakeDependencies, takeIn } from '../../functions/intake/intake.ts'
import { payBatch } from '../../functions/pay/batch.ts'
import { type Instant, instant } from '../../shared/domain/instant.ts'
import { payouts } from '../../shared/domain/payout.ts'
import { scheme2020 } from '../../shared/domain/scheme.ts'
import type { Partner } from '../../shared/partners/partner.ts'
import { delivery } from '../functions/events.ts'
import type { TestEngine } from '../support/engine.ts'

/** One command as the SDK was given it: its name, and its input as JSON. */
export type Command = { readonly name: string; readonly input: string }

const participantId = 'P-RECORDED'
const partnerName = 'gopay'
const publishers = { 'prakerja.core': '1', 'prakerja.platform.tokopedia': '2' }

/** A partner that pays everything at once. */
const generous: Partner = {
  verify: async () => ({ outcome: 'verified', verifiedName: 'SITI RAHAYU', fee: 0, evidence: {} }),
  transfer: ({ partnerReferenceNo }) => ({
    body: partnerReferenceNo,
    bodyHash: '0'.repeat(64),
    send: async () => ({
      outcome: 'paid',
      evidence: { code: '2003800', http: 200, referenceNo: '2020091800000001' },
    }),
  }),
  inquire: async () => ({ outcome: 'pending', evidence: {} }),
  balance: async () => ({ outcome: 'unavailable' }),
}

const event = (type: string, source: keyof typeof publishers, detail: object): string =>
  JSON.stringify({ ...delivery, 'detail-type': type, source, account: publishers[source], detail })

/** One participant's events: account, certificate, three surveys. */
function events(): string[] {
  const at = '2020-05-04T09:00:00+07:00'
  const account = {
    participantId,
    partner: partnerName,
    accountNumber: '081200000001',
    holderName: 'Siti Rahayu',
  }
  const certificate = { certificateId: `C-${participantId}`, participantId, wave: 1, platform: 'tokopedia' }
  const training = { trainingProvider: 'skill-academy', trainingId: 'T-0001', issuedAt: at }
  const surveys = [1, 2, 3].map((survey) =>
    event('SurveyCompleted', 'prakerja.core', { participantId, survey, completedAt: at }),
  )
  return [
    event('PayoutAccountLinked', 'prakerja.core', { ...account, linkedAt: at }),
    event('CertificateIssued', 'prakerja.platform.tokopedia', { ...certificate, ...training }),
    ...surveys,
  ]
}

/** Notes every command of a client, before it is sent. */
function recorded(client: DynamoDBClient): { client: DynamoDBClient; commands: Command[] } {
  const commands: Command[] = []
  client.middlewareStack.add(
    (next, context) => (args) => {
      commands.push({ name: String(context.commandName), input: JSON.stringify(args.input) })
      return next(args)
    },
    { step: 'initialize', name: 'record' },
  )
  return { client, commands }
}

/** What the database is asked, in order, while one participant's seven payouts go from event to paid. */
export async function recordParticipant(engine: TestEngine): Promise<readonly Command[]> {
  const ledger = engine.open()
  const fundedAt = instant(Date.UTC(2020, 3, 1))
  const funding = { partner: partnerName, scheme: scheme2020.name, budget: scheme2020.budget, by: 'bench' }
  const amount = scheme2020.amount.incentive
  for (const document of ['1', '2', '3', '4', '5']) {
    await ledger.lanes.fund({ ...funding, amount, document, at: fundedAt })
  }
  const { client, commands } = recorded(engine.connect())
  const deps: IntakeDependencies = {
    ledger: engine.open(client),
    publishers,
    partners: { gopay: 'wallet' },
    shards: 1,
    scheme: scheme2020,
  }
  const takenInAt = instant(Date.UTC(2020, 4, 5))
  for (const body of events()) await takeIn(deps, body, takenInAt, 'bench/intake')
  await payAll(deps, instant(Date.UTC(2020, 8, 1)))
  client.destroy()
  return commands
}

/** Two batches: five payouts, then two. */
async function payAll({ ledger, shards }: IntakeDependencies, now: Instant): Promise<void> {
  const bodies = payouts.map((payout) => JSON.stringify({ participantId, payout }))
  const usedUp = new Set<string>()
  for (const batch of [bodies.slice(0, 5), bodies.slice(5)]) {
    const lane = {
      ledger,
      shards,
      partnerName,
      partner: generous,
      configuration: { settleWindowSeconds: 900 },
      ratePerSecond: 1_000,
      verified: new Map(),
      usedUp,
    }
    const by = `bench/${batch.length}`
    const { results } = await payBatch(
      { ...lane, now: () => now, by, permitId: by, timeFor: () => true },
      batch,
    )
    if (!results.every((result) => 'done' in result && result.done === 'settled')) {
      throw new Error('a payout of the recording was not paid')
    }
  }
}

/** The same commands for another participant, who has a lane of its own so that no condition stands in the way. */
export const renamed = (commands: readonly Command[], id: number): Command[] =>
  commands.map(({ name, input }) => ({
    name,
    input: input
      .replaceAll(participantId, `P-${String(id).padStart(8, '0')}`)
      .replaceAll(`#${partnerName}`, `#${partnerName}${id}`),
  }))
