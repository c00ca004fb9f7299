import { PutItemCommand } from '@aws-sdk/client-dynamodb'
import { afterEach, expect, test, vi } from 'vitest'
import { toItem } from '../../../shared/ledger/dynamodb/attributes.ts'
import { entryItem } from '../../../shared/ledger/dynamodb/journal.ts'
import { routes } from '../../../shared/operations/routes.ts'
import { paid, unknown } from '../../domain/examples.ts'
import { captureLog } from '../handlers/host.ts'
import { linesOf } from '../handlers/log.ts'
import { type Asked, answerOf, type Office, openOffice } from './office.ts'

/** What the office can say and do while the journal of a payout is damaged. */

afterEach(() => vi.restoreAllMocks())

/** A participant with a payout that can be read, and one that cannot. */
async function openDamaged() {
  const office = await openOffice()
  const id = await office.failed('ovo', paid)
  office.goTo('2020-10-20T10:00:00+07:00')
  await office.lane('ovo').pay(id, unknown(), 'incentive-2')
  const [first] = await office.ledger.journal.read(id, 'incentive-2')
  if (!first) throw new Error('nothing was sent')
  await office.damage(id, 'incentive-2')
  const { tables } = office.engine
  const Item = toItem(entryItem(first))
  const mend = () => office.engine.connect().send(new PutItemCommand({ TableName: tables.journal, Item }))
  return { office, id, mend }
}

const command = (office: Office, route: 'instruct' | 'inquire', asked: Asked) =>
  office.as('ani', 'operator')(route, asked)

test.for<readonly [string, (office: Office, id: string) => ReturnType<typeof command>]>([
  [
    'settle',
    (office, id) => {
      const about = { reference: `${id}-I2-A1`, outcome: 'paid', document: 'OVO/1', reason: 'they say so' }
      return command(office, 'instruct', { body: { instruction: 'settle', ...about } })
    },
  ],
  [
    'inquire',
    (office, id) =>
      command(office, 'inquire', { body: { payouts: [{ participantId: id, payout: 'incentive-2' }] } }),
  ],
  [
    'hold of the whole participant',
    (office, id) => {
      const body = { instruction: 'hold', subjects: { participantId: id }, reason: 'doubt' }
      return command(office, 'instruct', { body })
    },
  ],
])('%s names the payout and the article, and is no failure of ours', async ([, give]) => {
  const { office, id } = await openDamaged()
  const log = captureLog()
  expect(await give(office, id)).toMatchObject({
    status: 422,
    body: { detail: expect.stringMatching(`^The journal of ${id}/incentive-2 is damaged.*journal-tampered`) },
  })
  expect(linesOf(log())).toMatchObject([{ level: 'ERROR', message: 'a damaged journal' }])
  expect(await office.entries(id)).toEqual(['claimed', 'disbursed'])
})

test('a command that met it is carried out when it is given again under its key, once the journal is whole', async () => {
  const { office, id, mend } = await openDamaged()
  captureLog()
  const body = { instruction: 'hold', subjects: { participantId: id }, reason: 'doubt' }
  const asked = { body, key: 'hold-them-all' }
  expect(await command(office, 'instruct', asked)).toMatchObject({ status: 422 })
  await mend()
  const answer = answerOf(routes.instruct, await command(office, 'instruct', asked))
  expect(answer).toMatchObject({ result: 'done' })
})

test('show has the payouts that can be read, and names the one that cannot', async () => {
  const { office, id } = await openDamaged()
  const reply = await office.as('cici', 'viewer')('show', { parameters: { participantId: id } })
  const shown = answerOf(routes.show, reply)
  expect(shown.damaged).toEqual(['incentive-2'])
  expect(shown.payouts.map(({ payout }) => payout)).toEqual([
    ...['incentive-1', 'incentive-3', 'incentive-4', 'survey-1', 'survey-2', 'survey-3'],
  ])
  expect(shown.payouts[0]).toMatchObject({ state: 'paid' })
  expect(shown.timeline.map(({ what }) => what)).toContain('paid')
})
