import { expect, test } from 'vitest'
import { createSteps } from '../../../functions/finance/steps.ts'
import { serve } from '../../../shared/api/serve.ts'
import { financeRoutes } from '../../../shared/finance/routes.ts'
import { statesAnswer } from '../../../shared/finance/schemas.ts'
import { certificateIssued } from '../events.ts'
import { type Office, openOffice } from '../ops/office.ts'
import { dependencies } from './books.ts'

/** Payouts by their state, of a table read item by item. */

/** Every answer looks at one item only, so that a page ends on each key of the table. */
function asking(office: Office) {
  const { participants, ...others } = dependencies(office)
  const sweep = (_: number, from?: string) => participants.sweep(1, from)
  const steps = createSteps({ ...others, participants: { ...participants, sweep } })
  return (after: string | undefined) =>
    serve(
      { routes: financeRoutes, steps },
      { role: 'finance', name: 'rina' },
      {
        version: '2.0',
        rawPath: financeRoutes.states.path,
        queryStringParameters: after === undefined ? {} : { after },
        headers: {},
        isBase64Encoded: false,
        requestContext: { accountId: '000000000000', http: { method: 'GET' } },
      },
      { now: office.now(), timeLeft: () => false, invocation: '1' },
    )
}

/** As long and as odd as an id may be that somebody else has chosen: no name for a file, and three bytes a character. */
const oddIds = [`"\\'${'界'.repeat(97)}`, `${'"'.repeat(99)}a`, '["P-1","x"]']

test('pages go on from any key of the table, whatever ids of certificates are in it', async () => {
  const office = await openOffice()
  const paid = await office.participant('gopay')
  for (const [nth, certificateId] of oddIds.entries()) {
    await office.tell(certificateIssued(`P-ODD-${nth}`, { certificateId }))
    await office.tell(certificateIssued(paid, { certificateId: `${certificateId.slice(0, 99)}b` }))
  }
  const ask = asking(office)
  const counts: number[] = []
  let after: string | undefined
  for (let pages = 0; pages < 200; pages++) {
    const { status, body } = await ask(after)
    expect({ after, status }).toEqual({ after, status: 200 })
    const { states, next } = statesAnswer.parse(body)
    counts.push(...Object.values(states).map(({ count }) => count))
    after = next
    if (after === undefined) break
  }
  expect(after).toBeUndefined()
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(7 * (1 + oddIds.length))
})

test.each([
  'P-00001',
  '["P-00001","incentive-1"]',
  'WyJQLTAwMDAxIl0',
  'WyIiLCIiXQ',
  'W10',
  'x'.repeat(1_001),
  '',
])('a place that no answer has given is refused: %s', async (after) => {
  const office = await openOffice()
  const { status, body } = await asking(office)(after)
  expect({ status, body }).toMatchObject({
    status: 400,
    body: { detail: expect.stringContaining('The query cannot be read. after') },
  })
})
