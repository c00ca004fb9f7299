import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, describe, expect, test } from 'vitest'
import { movementsBucketOf } from '../../infra/movements.ts'
import { stages } from '../../infra/stages.ts'
import { help, readArguments } from '../../infra/warehouse/arguments.ts'
import { questionNames } from '../../shared/finance/questions.ts'

const words = (line: string): readonly string[] => line.split(' ').filter((word) => word !== '')

describe('what a question of SQL is asked with', () => {
  test.each([
    ['funnel --to 2020-10-31', ['2020-10-31']],
    ['summary --from 2020-10-01 --to 2020-10-31', ['2020-10-31', '2020-10-01']],
    ['ageing --to 2020-10-31 --at 2020-10-31T16:59:59.999Z', ['2020-10-31', '2020-10-31T16:59:59.999Z']],
    ['participant --to 2020-10-31 --participant P-00017', ['2020-10-31', 'P-00017']],
  ])('%s is put in its order', (line, parameters) => {
    const [question] = words(line)
    expect(readArguments(words(line))).toEqual({ question, parameters, data: '.local', csv: false })
  })

  test.each([
    ['', `Say one question: ${questionNames.join(', ')}; --help says what each takes`],
    ['everything', `Say one question: ${questionNames.join(', ')}; --help says what each takes`],
    ['funnel', 'funnel needs --to: a day, written YYYY-MM-DD'],
    ['funnel --to today', 'funnel needs --to: a day, written YYYY-MM-DD'],
    ['funnel --to 2020-10-31 --from 2020-10-01', '--from is not for funnel'],
    ['summary --to 2020-10-31', 'summary needs --from: a day, written YYYY-MM-DD'],
    [
      'ageing --to 2020-10-31 --at noon',
      'ageing needs --at: an instant in UTC, such as 2020-10-31T16:59:59.999Z',
    ],
    [
      "participant --to 2020-10-31 --participant '--",
      'participant needs --participant: an id, such as P-00017',
    ],
    ['funnel --until 2020-10-31', "Unknown option '--until'; --help lists what there is"],
  ])('%s is a mistake, said in a sentence', (line, mistake) => {
    expect(readArguments(words(line))).toEqual({ mistake })
  })

  test('is in the help, in lines that a terminal can hold', () => {
    expect(readArguments(['--help'])).toBe('help')
    for (const name of questionNames) expect(help).toMatch(new RegExp(`^${name} +--to`, 'm'))
    expect(help.split('\n').filter((line) => line.length > 120)).toEqual([])
  })

  test('is told there in its form, with the codes by which a command ends', () => {
    expect(help).toMatch(/^ {2}DAY +in Jakarta, written YYYY-MM-DD$/m)
    expect(help).toMatch(/^ {2}INSTANT +in UTC, such as 2020-10-31T16:59:59\.999Z$/m)
    expect(help).toContain(
      'Exit code: 0 answered, 1 failed, 2 the command is wrong or there is no run to ask.\n',
    )
  })
})

describe('a question as a process', () => {
  const data = mkdtempSync(join(tmpdir(), 'warehouse-'))
  afterAll(() => rmSync(data, { recursive: true }))
  const program = join(import.meta.dirname, '..', '..', 'infra', 'warehouse', 'ask.ts')
  async function ask(line: string) {
    const child = spawn(process.execPath, [program, ...words(line), '--data', data], { stdio: 'pipe' })
    const code = new Promise<number | null>((resolve) => child.once('close', resolve))
    const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)])
    return { code: await code, out, err }
  }

  test('is refused where no run has left anything', async () => {
    expect(await ask('funnel --to 2020-10-31')).toEqual({
      code: 2,
      out: '',
      err: `${data} holds no run; npm start makes one\n`,
    })
  })

  test.each([
    'participant --to 2020-10-31 --participant P-00017',
    'summary --to 2020-10-31 --from 2020-10-01',
    'ageing --to 2020-10-31 --at 2020-10-31T16:59:59.999Z',
  ])('of a run in which no movement fits says so: %s', async (line) => {
    mkdirSync(join(data, 'objects', 'buckets', movementsBucketOf(stages.local)), { recursive: true })
    expect(await ask(line)).toEqual({ code: 0, out: '', err: `No movement in ${data} fits\n` })
  })
})
