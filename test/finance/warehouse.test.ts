import { describe, expect, test } from 'vitest'
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
})
