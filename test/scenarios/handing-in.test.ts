import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createFeed } from '../../infra/local/feed.ts'
import { runProgramme } from '../../infra/local/run.ts'
import { partnerNames } from '../../infra/stages.ts'
import { at } from '../domain/examples.ts'
import { createPeople } from '../support/person.ts'

/** What a run has left is reconciled at the command line, as a newcomer would. */
const data = mkdtempSync(join(tmpdir(), 'handing-in-'))
afterAll(() => rmSync(data, { recursive: true }))
const begin = at('2020-11-15T10:00:00+07:00')

beforeAll(async () => {
  const people = createPeople(() => begin)
  // At each partner one who is paid at once, and one of whose payment the partner says nothing for hours.
  const envelopes = partnerNames
    .flatMap((partner) => [people.newAccount(partner), people.newAccount(partner, '45')])
    .map((account) => people.newcomer(account))
    .flatMap((person) => [person.link(), person.certificate()])
  const feed = createFeed(envelopes.map((envelope) => JSON.stringify(envelope)))
  const { problems } = await runProgramme({
    feed,
    dataDirectory: data,
    until: at('2020-11-18T10:00:00+07:00'),
  })
  expect(problems).toEqual([])
})

async function reconcile(...args: readonly string[]) {
  const program = join(import.meta.dirname, '..', '..', 'infra', 'finance', 'main.ts')
  const child = spawn(process.execPath, [program, 'reconcile', ...args, '--data', data, '--json'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const code = new Promise<number | null>((resolve) => child.once('close', resolve))
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)])
  return { code: await code, answer: out === '' ? undefined : JSON.parse(out), err }
}

const statements = join(data, 'statements')
const outcomesOf = (answer: { statements: readonly { arrival: { outcome: string } }[] }) =>
  new Set(answer.statements.map(({ arrival }) => arrival.outcome))

test('the statements that a run has left agree with our books, and again change nothing', async () => {
  const { code, answer, err } = await reconcile('--dir', statements)
  const where = `On this machine's data in ${data}, where it is 2020-11-18 10:00 in Jakarta\n`
  expect({ code, err }).toEqual({ code: 0, err: where })
  expect(outcomesOf(answer)).toEqual(new Set(['recorded']))
  const partners = answer.statements.map(({ partner }: { partner: string }) => partner)
  expect(new Set(partners)).toEqual(new Set(partnerNames))
  const again = await reconcile('--dir', statements)
  expect({ code: again.code, outcomes: outcomesOf(again.answer) }).toEqual({
    code: 0,
    outcomes: new Set(['repeated']),
  })
})

test('a statement that says otherwise is told by the exit code', async () => {
  const [day = ''] = readdirSync(join(statements, 'gopay'))
  const right = readFileSync(join(statements, 'gopay', day), 'utf8')
  const wrong = join(data, 'wrong.csv')
  writeFileSync(wrong, right.replace('600000', '60000'))
  const { code, answer } = await reconcile('--file', wrong, '--partner', 'gopay', '--day', day.slice(0, 10))
  expect(code).toBe(4)
  expect(answer.statements).toMatchObject([{ run: { run: 2, summary: { breaks: { 'amount-differs': 1 } } } }])
})
