import { expect, test } from 'vitest'
import { rupiah } from '../../../shared/domain/rupiah.ts'
import { routes } from '../../../shared/operations/routes.ts'
import { notFound, unknown } from '../../domain/examples.ts'
import { answerOf, funded, type Office, openOffice } from './office.ts'
import { reconciledFor } from './reconciled.ts'

/** An attempt of 18 September at ovo, which has two days of tolerance, and what ovo's statements say of it. */
const days = ['2020-09-18', '2020-09-19', '2020-09-20']
const absent = 'eligible for settle: absent on every day from 2020-09-18 to 2020-09-20'
const debit = 'an unmatched debit of the same amount on 2020-09-18, which may be this payment'

async function startWith() {
  const office = await openOffice()
  const id = await office.failed('ovo', unknown())
  office.goTo('2020-09-21T09:00:00+07:00')
  office.lane('ovo').partner.tells(notFound)
  await office.lane('ovo').inquire()
  return { office, reconciled: reconciledFor(office), id, reference: `${id}-I1-A1` }
}

const settle = (office: Office, reference: string, outcome: 'paid' | 'not-paid' = 'not-paid') =>
  office.as('ani', 'operator')('instruct', {
    body: { instruction: 'settle', reference, outcome, document: 'OVO/4711', reason: 'they say so' },
  })
async function proposed(office: Office, reference: string, outcome?: 'paid' | 'not-paid') {
  const answer = answerOf(routes.instruct, await settle(office, reference, outcome))
  if (answer.result !== 'proposed') throw new Error('it did not take two people')
  return answer.proposal
}
const approve = (office: Office, id: string) =>
  office.as('budi', 'approver')('approve', { parameters: { id } })

test.for<readonly [string, readonly string[], readonly number[], string]>([
  ['every day without it', days, [], absent],
  ['a debit of another amount', days, [50_000], absent],
  ['a day without a statement', days.slice(0, 2), [], 'the statement of 2020-09-20 is missing'],
  ['no statement at all', [], [], 'the statement of 2020-09-18 is missing'],
])('both people are told of %s, and decide by the document', async ([, closed, debits, statements]) => {
  const { office, reconciled, id, reference } = await startWith()
  await reconciled.close('ovo', closed, debits)
  const proposal = await proposed(office, reference)
  expect(proposal).toMatchObject({ statements })
  const seen = answerOf(routes.proposals, await office.as('budi', 'approver')('proposals'))
  expect(seen.proposals).toEqual([proposal])
  const shown = await office.as('cici', 'viewer')('show', { parameters: { participantId: id } })
  expect(answerOf(routes.show, shown).payouts[0]?.attempts).toMatchObject([{ reference, statements }])
  const { records } = answerOf(
    routes.audit,
    await office.as('cici', 'viewer')('audit', { query: { from: '2020-09-21', to: '2020-09-21' } }),
  )
  expect(records.at(-1)).toMatchObject({ detail: { proposal: proposal.id, statements } })
  expect(await approve(office, proposal.id)).toMatchObject({
    status: 200,
    body: { effects: [{ subject: reference, outcome: 'failed' }] },
  })
  expect(await office.lane('ovo').float()).toBe(funded)
})

test('a debit of the same amount that nothing matches forbids it, and not to settle it as paid', async () => {
  const { office, reconciled, id, reference } = await startWith()
  await reconciled.close('ovo', days, [600_000])
  expect(await settle(office, reference)).toMatchObject({
    status: 422,
    body: { detail: expect.stringContaining(debit) },
  })
  expect(await proposed(office, reference, 'paid')).not.toHaveProperty('statements')
  expect(await office.entries(id)).not.toContain('rejected')
})

const underReference = (partnerReferenceNo: string) => ({ amount: 601_000, partnerReferenceNo })
test.for([
  {
    what: 'a debit of another amount under its own reference',
    debitsOf: (reference: string) => [underReference(reference)],
    leftOut: { amounts: [], references: false },
    says: 'an unmatched debit under its own reference on 2020-09-18, which may be this payment',
    remedy: 'Writing the break off proves neither.',
  },
  {
    what: 'a statement with more unmatched debits than are kept',
    debitsOf: () => [],
    leftOut: { amounts: [rupiah(600_000)], references: false },
    says: 'more unmatched debits on 2020-09-18 than are kept, one of which may be this payment',
    remedy: 'Ask the partner for a corrected statement of that day.',
  },
])('$what forbids it, and says what to do', async ({ debitsOf, leftOut, says, remedy }) => {
  const { office, reconciled, reference } = await startWith()
  await reconciled.close('ovo', days, debitsOf(reference), leftOut)
  expect(await settle(office, reference)).toMatchObject({
    status: 422,
    body: { detail: expect.stringMatching(`${says}.*${remedy}`) },
  })
})

test('nobody writes a debit under its own reference off, whatever its amount', async () => {
  const { office, reconciled, reference } = await startWith()
  await reconciled.close('ovo', days, [underReference(reference)])
  const id = await reconciled.breakOf('ovo', '2020-09-18', 601_000)
  const body = { instruction: 'write-off-break', partner: 'ovo', break: id, reason: 'given up' }
  const answer = answerOf(routes.instruct, await office.as('ani', 'operator')('instruct', { body }))
  if (answer.result !== 'proposed') throw new Error('it did not take two people')
  expect(await approve(office, answer.proposal.id)).toMatchObject({ status: 200 })
  expect(await settle(office, reference)).toMatchObject({ status: 422 })
})

test('such a debit forbids it still when it came after the days in question', async () => {
  const { office, reconciled, reference } = await startWith()
  await reconciled.close('ovo', days)
  await reconciled.close('ovo', ['2020-09-23'], [underReference(reference)])
  office.goTo('2020-09-24T09:00:00+07:00')
  expect(await settle(office, reference)).toMatchObject({ status: 422 })
})

test.for<readonly [string, boolean, object]>([
  ['no more when the statement after it has taken it back', true, { status: 200 }],
  ['still when that was not reconciled again since', false, { status: 422 }],
])('such a debit forbids it %s', async ([, goesOn, expected]) => {
  const { office, reconciled, reference } = await startWith()
  await reconciled.close('ovo', days.slice(0, 1), [underReference(reference)])
  await reconciled.closeWithout('ovo', '2020-09-19', { goesOn })
  await reconciled.closeWithout('ovo', '2020-09-20', { goesOn: true })
  expect(await settle(office, reference)).toMatchObject(expected)
})

test('its break forbids it still when it is explained, and no more when two people have written it off', async () => {
  const { office, reconciled, id, reference } = await startWith()
  await reconciled.close('ovo', days, [600_000])
  const told = { partner: 'ovo', break: await reconciled.breakOf('ovo', '2020-09-18', 600_000) }
  const ani = office.as('ani', 'operator')
  const note = 'ovo says that it is a shop of its own'
  await ani('instruct', { body: { instruction: 'explain-break', ...told, note } })
  expect(await settle(office, reference)).toMatchObject({ status: 422 })
  office.pass(60)
  const givenUp = await ani('instruct', { body: { instruction: 'write-off-break', ...told, reason: note } })
  const answer = answerOf(routes.instruct, givenUp)
  if (answer.result !== 'proposed') throw new Error('it did not take two people')
  expect(await settle(office, reference)).toMatchObject({ status: 422 })
  await approve(office, answer.proposal.id)
  const proposal = await proposed(office, reference)
  const butFor = `${absent}, but for a debit of the same amount on 2020-09-18, which was written off`
  expect(proposal).toMatchObject({ statements: butFor })
  office.pass(60)
  await reconciled.reconcileAgain('ovo', '2020-09-18', [600_000], { run: 2, corrected: false })
  expect(await proposed(office, reference)).toMatchObject({ statements: butFor })
  office.pass(60)
  await reconciled.reconcileAgain('ovo', '2020-09-18', [600_000], { run: 3, corrected: true })
  expect(await approve(office, proposal.id)).toMatchObject({ status: 422 })
  expect(await office.entries(id)).not.toContain('rejected')
})

test('one of two debits that is written off leaves the other in the way', async () => {
  const { office, reconciled, reference } = await startWith()
  await reconciled.close('ovo', days, [600_000])
  const id = await reconciled.breakOf('ovo', '2020-09-19', 600_000)
  const body = { instruction: 'write-off-break', partner: 'ovo', break: id, reason: 'a shop of its own' }
  const answer = answerOf(routes.instruct, await office.as('ani', 'operator')('instruct', { body }))
  if (answer.result !== 'proposed') throw new Error('it did not take two people')
  expect(await approve(office, answer.proposal.id)).toMatchObject({ status: 200 })
  expect(await settle(office, reference)).toMatchObject({ status: 422 })
})

test('and it forbids what was proposed before its statement came', async () => {
  const { office, reconciled, id, reference } = await startWith()
  const proposal = await proposed(office, reference)
  await reconciled.close('ovo', days, [600_000])
  expect(await approve(office, proposal.id)).toMatchObject({ status: 422 })
  expect(await office.entries(id)).not.toContain('rejected')
  expect(await office.row(id)).toMatchObject({ state: 'unknown' })
})

test('what no statement has is listed by itself, as the last reconciliation left it', async () => {
  const { office, reconciled, id, reference } = await startWith()
  await office.failed('ovo', unknown())
  const eligible = async (query: Readonly<Record<string, string>> = {}) => {
    const asked = { query: { list: 'unknown', eligible: 'true', ...query } }
    const reply = await office.as('cici', 'viewer')('list', asked)
    return reply.status === 200
      ? answerOf(routes.list, reply).payouts.map(({ participantId }) => participantId)
      : reply.status
  }
  expect(await eligible()).toEqual([])
  await reconciled.keepEligible('ovo', [reference, 'P-GONE-I1-A1'])
  expect(await eligible()).toEqual([id])
  expect(await eligible({ partner: 'ovo' })).toEqual([id])
  expect(await eligible({ partner: 'gopay' })).toEqual([])
  expect(await eligible({ list: 'failed' })).toBe(400)
})

test('what no statement has is not called eligible while its partner may still accept it', async () => {
  const office = await openOffice()
  const id = await office.failed('gopay', unknown())
  office.goTo('2020-09-22T09:00:00+07:00')
  office.lane('gopay').partner.tells(notFound)
  await office.lane('gopay').inquire()
  await reconciledFor(office).close('gopay', [...days, '2020-09-21'])
  const said = async () => {
    const shown = await office.as('cici', 'viewer')('show', { parameters: { participantId: id } })
    return answerOf(routes.show, shown).payouts[0]?.attempts[0]?.statements
  }
  const span = 'absent on every day from 2020-09-18 to 2020-09-20'
  expect(await said()).toBe(`${span}; may be settled from 2020-11-12T10:00:01+07:00 on`)
  office.goTo('2020-11-12T10:00:01+07:00')
  expect(await said()).toBe(`eligible for settle: ${span}`)
})
