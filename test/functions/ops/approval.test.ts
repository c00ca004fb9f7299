import { describe, expect, test } from 'vitest'
import { apply, project, readCase } from '../../../shared/ledger/payout.ts'
import { routes } from '../../../shared/operations/routes.ts'
import { paid, rejected, unknown } from '../../domain/examples.ts'
import { answerOf, type Office, openOffice, shards } from './office.ts'

/** When a second person has to stand behind a retry. */

const reason = 'the partner has mended it'
const day = 86_400

async function previewOf(office: Office, ids: readonly string[], who = 'ani') {
  const payouts = ids.map((participantId) => ({ participantId, payout: 'incentive-1' }))
  return answerOf(routes.preview, await office.as(who, 'operator')('preview', { body: { payouts } }))
}
const retry = (office: Office, set: string, who = 'ani', key?: string) =>
  office.as(who, 'operator')('instruct', {
    body: { instruction: 'retry', set, reason },
    ...(key !== undefined && { key }),
  })
const resultOf = async (reply: Promise<{ readonly body: unknown }>) => {
  const { body } = await reply
  return body instanceof Object && 'result' in body ? body.result : 'refused'
}
const failedOnes = async (office: Office, count: number): Promise<string[]> => {
  const ids: string[] = []
  for (let nth = 0; nth < count; nth++) ids.push(await office.failed())
  return ids
}

/** A line of a partner's statement says that money came back. */
async function creditStated(office: Office, participantId: string): Promise<void> {
  const found = await readCase(office.ledger, { participantId, payout: 'incentive-1' })
  if (!found) throw new Error('nobody is entitled')
  const credit = { command: 'stated', attempt: 1, direction: 'credit', document: 'gopay/1' } as const
  const writer = { at: office.now(), by: 'reconcile/1' }
  const { now } = await apply(office.ledger, found, { ...credit, now: office.now() }, writer)
  await project(office.ledger, now, shards)
}

describe('one person alone retries in a day no more than the limit', () => {
  test('in however many sets, and the preview says so', async () => {
    const office = await openOffice()
    const [one = '', two = '', three = ''] = await failedOnes(office, 3)
    for (const id of [one, two]) {
      const { set, needsApproval } = await previewOf(office, [id])
      expect(needsApproval).toBe(false)
      expect(await resultOf(retry(office, set))).toBe('started')
    }
    const { set, needsApproval, approvalReasons } = await previewOf(office, [three])
    expect({ needsApproval, approvalReasons }).toEqual({
      needsApproval: true,
      approvalReasons: [expect.stringContaining('3 with what the same person has retried alone')],
    })
    expect(await resultOf(retry(office, set))).toBe('proposed')
    expect(await previewOf(office, [three], 'budi')).toMatchObject({ needsApproval: false })
    office.pass(day)
    expect(await previewOf(office, [three])).toMatchObject({ needsApproval: false, approvalReasons: [] })
  })

  test('also when several are applied at once', async () => {
    const office = await openOffice()
    const sets: string[] = []
    for (const id of await failedOnes(office, 5)) sets.push((await previewOf(office, [id])).set)
    const results = await Promise.all(sets.map((set) => resultOf(retry(office, set))))
    expect(results.filter((result) => result === 'started')).toHaveLength(2)
    const { jobs } = answerOf(routes.jobs, await office.as('cici', 'viewer')('jobs'))
    expect(jobs).toHaveLength(2)
  })

  test('and what somebody else has approved does not count', async () => {
    const office = await openOffice()
    const ids = await failedOnes(office, 4)
    const { set } = await previewOf(office, ids.slice(0, 3))
    const answer = answerOf(routes.instruct, await retry(office, set))
    if (answer.result !== 'proposed') throw new Error('it did not take two people')
    const parameters = { id: answer.proposal.id }
    expect(await resultOf(office.as('budi', 'approver')('approve', { parameters }))).toBe('started')
    expect(await previewOf(office, ids.slice(3))).toMatchObject({ needsApproval: false })
  })

  test('and the same command again is the same job, not another one', async () => {
    const office = await openOffice()
    const { set } = await previewOf(office, await failedOnes(office, 2))
    const { answer } = office.register
    office.deps.register = { ...office.register, answer: () => Promise.reject(new Error('cut off')) }
    await expect(retry(office, set, 'ani', 'cut-off-again')).rejects.toThrow('cut off')
    office.deps.register = { ...office.register, answer }
    expect(await resultOf(retry(office, set, 'ani', 'cut-off-again'))).toBe('started')
  })
})

describe('a payout whose money is said to be here by', () => {
  test('a statement always takes two people, and the preview says why', async () => {
    const office = await openOffice()
    const [id, other] = [await office.failed('gopay', paid), await office.failed()]
    await creditStated(office, id)
    const { set, ...preview } = await previewOf(office, [id, other])
    expect(preview).toMatchObject({
      payments: 2,
      needsApproval: true,
      approvalReasons: ['money said returned by a statement: 1 payment'],
    })
    expect(await resultOf(retry(office, set))).toBe('proposed')
    expect(await previewOf(office, [other])).toMatchObject({ needsApproval: false })
  })

  test('a document does, too', async () => {
    const office = await openOffice()
    const id = await office.failed('ovo', unknown())
    office.pass(2_000)
    const settle = {
      instruction: 'settle',
      reference: `${id}-I1-A1`,
      outcome: 'not-paid',
      document: 'OVO-1',
      reason,
    }
    const answer = answerOf(routes.instruct, await office.as('ani', 'operator')('instruct', { body: settle }))
    if (answer.result !== 'proposed') throw new Error('it did not take two people')
    await office.as('budi', 'approver')('approve', { parameters: { id: answer.proposal.id } })
    expect(await previewOf(office, [id])).toMatchObject({
      needsApproval: true,
      approvalReasons: ['said not paid by a document: 1 payment'],
    })
  })

  test('a statement since the set was made is left out of it', async () => {
    const office = await openOffice()
    const id = await office.failed('gopay', rejected('merchant-refused'))
    const { set } = await previewOf(office, [id])
    const found = await readCase(office.ledger, { participantId: id, payout: 'incentive-1' })
    if (!found) throw new Error('nobody is entitled')
    const late = { command: 'settle', attempt: 1, seq: found.standing.seq, outcome: paid } as const
    await apply(office.ledger, found, late, { at: office.now(), by: 'inquire/1' })
    await creditStated(office, id)
    await retry(office, set)
    await office.runJobs()
    expect((await office.entries(id)).at(-1)).toBe('returned')
    const { jobs } = answerOf(routes.jobs, await office.as('cici', 'viewer')('jobs'))
    expect(jobs).toMatchObject([{ retried: 0, skipped: { changed: 1 } }])
  })
})
