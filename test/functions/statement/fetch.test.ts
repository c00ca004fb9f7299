import { readFileSync } from 'node:fs'
import { expect, onTestFinished, test } from 'vitest'
import { fetchYesterday } from '../../../functions/statement/fetch.ts'
import { instant, jakartaTimestamp, plusSeconds } from '../../../shared/domain/instant.ts'
import type { PartnerConfiguration } from '../../../shared/partners/configuration.ts'
import type { InstantRange, StatementPage } from '../../../shared/partners/partner.ts'
import { createSnapPartner } from '../../../shared/partners/snap/client.ts'
import { createPost } from '../../../shared/partners/snap/http.ts'
import { parseStatementKey } from '../../../shared/reconciliation/statement-key.ts'
import { at } from '../../domain/examples.ts'
import { read, whole } from '../../statements/reading.ts'
import { bank, credentials, startPartner, wallet } from '../../support/simulated-partner.ts'

/** A partner that has paid one and taken a fee today, asked by our own client tomorrow; what is put, is kept. */
async function startWith(configuration: PartnerConfiguration) {
  const { simulator, client, now, pass } = await startPartner(configuration, { document: 'SP2D-1' })
  onTestFinished(() => simulator.stop())
  simulator.knowAccount('1234567890', 'BUDI SANTOSO')
  await client.transfer('P-1-I1-A1', '1234567890', 600_000)
  await pass(86_400)
  const post = createPost(simulator.baseUrl)
  const ids = Array.from({ length: 9 }, (_, index) => `9${index}`)
  const externalId = () => ids.pop() ?? ''
  const files = new Map<string, string>()
  const deps = {
    partnerName: 'bni',
    partner: createSnapPartner({ configuration, credentials, post, externalId }),
    now: () => instant(now()),
    secondsLeft: () => 900,
    async put(key: string, path: string) {
      files.set(key, readFileSync(path, 'utf8'))
    },
  }
  return { deps, files }
}

const night = at('2020-09-19T04:30:00+07:00')
const key = 'statements/bni/2020-09-18.ndjson'

test('what a bank booked yesterday is put where it is read as a statement', async () => {
  const { deps, files } = await startWith(bank)
  expect(await fetchYesterday(deps, night)).toBe('2020-09-18')
  expect([...files.keys()]).toEqual([key])
  expect(parseStatementKey(key)).toEqual({ partner: 'bni', day: '2020-09-18', format: 'bank-statement' })
  const { lines, ending } = await read('bni', 'bank-statement', files.get(key) ?? '')
  expect(ending).toEqual(whole(2))
  expect(lines).toMatchObject([
    { line: 1, direction: 'debit', amount: 600_000, partnerReferenceNo: 'P-1-I1-A1' },
    { line: 2, direction: 'credit', amount: 1_000_000_000, document: 'SP2D-1' },
  ])
})

test('what is not given whole is put nowhere, and fails', async () => {
  const { deps, files } = await startWith(bank)
  const partner = { ...deps.partner, bankStatement: async () => ({ outcome: 'unavailable' }) as const }
  await expect(fetchYesterday({ ...deps, partner }, night)).rejects.toThrow(
    'the statement of bni of 2020-09-18 is not here: the bank did not give all of its statement: ask again',
  )
  const { deps: ofWallet } = await startWith(wallet)
  await expect(fetchYesterday(ofWallet, night)).rejects.toThrow('the partner is no bank')
  expect(files.size).toBe(0)
})

/** A bank of 3,000 pages, each of which has the last record of the one before and one more, and takes so long. */
function slowBank(pageMs: number) {
  let [pages, leftMs] = [0, 900_000]
  async function bankStatement({ to }: InstantRange): Promise<StatementPage> {
    pages += 1
    leftMs -= pageMs
    const older = plusSeconds(to, -1)
    const records = [to, older].map((time) => ({
      amount: { value: '600000.00', currency: 'IDR' },
      transactionDate: jakartaTimestamp(time),
      type: 'DEBIT',
    }))
    return { outcome: 'page', records, ...(pages < 3_000 && { next: older }), stated: {} }
  }
  return { bankStatement, secondsLeft: () => leftMs / 1000 }
}

test('what is more than a run has time for is put nowhere, and says how far it came and what to do', async () => {
  const { deps, files } = await startWith(bank)
  const fetch = (pageMs: number) => {
    const { bankStatement, secondsLeft } = slowBank(pageMs)
    return fetchYesterday({ ...deps, partner: { ...deps.partner, bankStatement }, secondsLeft }, night)
  }
  await expect(fetch(400)).rejects.toThrow(
    'the statement of bni of 2020-09-18 is not here: the bank has more records than one run can fetch: ' +
      'it read 2102, back to 2020-09-18T23:24:58+07:00; have the bank deliver the day as a file',
  )
  expect(files.size).toBe(0)
  await fetch(200)
  const { ending } = await read('bni', 'bank-statement', files.get(key) ?? '')
  expect(ending).toEqual(whole(3_001))
})

test.each<[string, (text: string) => string | Uint8Array]>([
  ['has lost its end', (text: string) => text.slice(0, text.lastIndexOf('{'))],
  ['is cut within a line', (text: string) => text.slice(0, 60)],
  ['is cut within a character after its end', (text) => Buffer.concat([Buffer.from(text), Buffer.of(0xc3)])],
  ['goes on after its end', (text: string) => `${text}${text}`],
  ['holds something else', (text: string) => `{"paid":true}\n${text}`],
])('a file that %s is refused', async (_, change) => {
  const { deps, files } = await startWith(bank)
  await fetchYesterday(deps, night)
  const { ending } = await read('bni', 'bank-statement', change(files.get(key) ?? ''))
  expect(ending).toMatchObject({ ending: 'refused' })
})
