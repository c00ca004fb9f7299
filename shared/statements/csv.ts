import { pipeline, Readable } from 'node:stream'
import { CsvError, type Parser, parse } from 'csv-parse'
import type { Ending } from './ending.ts'
import { createAmountReader } from './fields.ts'
import type { StatementLine, Unparsable } from './line.ts'
import type { AmountColumns, CsvMapping } from './mapping.ts'
import { Refused } from './refused.ts'
import { createRowReader, type Fields } from './row.ts'
import { createTally, type Stated, type Tally } from './tally.ts'

/** A line of more characters than this was never written by a partner: a quote is open, or it is no CSV. */
const recordMax = 1024 ** 2
/** No field that says something is longer. */
const fieldMax = 4_096

type Row = readonly string[]

/** Passes the bytes on, and throws unless the last of them ends a line. */
async function* endedByNewline(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let last: number | undefined
  for await (const chunk of bytes) {
    last = chunk.at(-1) ?? last
    yield chunk
  }
  const isEnd = last === 0x0a || last === 0x0d
  if (!isEnd) throw new Refused('the last line has no end: the file is broken off')
}

function parserOf(bytes: AsyncIterable<Uint8Array>, { delimiter, quote }: CsvMapping): Parser {
  const parser = parse({
    delimiter,
    quote,
    bom: true,
    record_delimiter: ['\r\n', '\n', '\r'],
    skip_empty_lines: true,
    relax_quotes: true,
    relax_column_count: true,
    max_record_size: recordMax,
  })
  // What goes wrong on the way is thrown by whoever iterates over the parser.
  pipeline(Readable.from(endedByNewline(bytes)), parser, () => {})
  return parser
}

/** Rows of text. Throws `Refused` for a file that is no CSV, or not all of one. */
async function* rowsOf(bytes: AsyncIterable<Uint8Array>, mapping: CsvMapping): AsyncGenerator<Row> {
  try {
    yield* parserOf(bytes, mapping)
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    throw new Refused(
      error.code === 'CSV_QUOTE_NOT_CLOSED'
        ? 'a quotation mark is opened and never closed: the file is broken off or damaged'
        : 'a line is longer than any of a statement: a quotation mark is left open, or the file is no CSV',
    )
  }
}

function amountColumnsOf(columns: AmountColumns): readonly string[] {
  switch (columns.layout) {
    case 'words':
      return [columns.amount, columns.direction]
    case 'signed':
      return [columns.amount]
    case 'separate':
      return [columns.debit, columns.credit]
  }
}

/** Where each column that is needed stands. */
function positionsOf(heading: Row, mapping: CsvMapping): ReadonlyMap<string, number> {
  const { day, amount, status, fee, ours, theirs } = mapping
  const places = [...ours, theirs, ...(status ? [status] : []), ...(fee ? [fee] : [])].map(
    ({ column }) => column,
  )
  const columns = new Set([day.column, ...amountColumnsOf(amount), ...places])
  const names = heading.map((name) => name.trim())
  const positions = [...columns].map((column) => {
    const position = names.indexOf(column)
    if (position < 0) throw new Refused(`the heading has no column ${column}: it is not the file agreed on`)
    if (names.lastIndexOf(column) > position) throw new Refused(`the heading has two columns ${column}`)
    return [column, position] as const
  })
  return new Map(positions)
}

/** What the last line says of all others. */
function statedBy(row: Row, { trailer, amount }: CsvMapping): Stated {
  const read = createAmountReader(amount.form)
  const readCount = createAmountReader({ decimal: '.' })
  const at = (position: number | undefined, reader: typeof read) => {
    if (position === undefined) return undefined
    const value = reader((row[position] ?? '').trim())
    if (value === undefined) throw new Refused('the last line, with the totals, cannot be read')
    return value
  }
  return {
    lines: at(trailer?.lines, readCount),
    debits: at(trailer?.debits, read),
    credits: at(trailer?.credits, read),
  }
}

/** Reads rows after the heading, the trailer apart. */
function createLineReader(heading: Row, mapping: CsvMapping, tally: Tally) {
  const positions = positionsOf(heading, mapping)
  const readRow = createRowReader(mapping)
  return (row: Row, line: number): StatementLine | Unparsable | undefined => {
    if (row.length !== heading.length)
      return { line, complaint: `the line: ${heading.length} fields were expected` }
    const fields: Fields = (column) => {
      const text = row[positions.get(column) ?? -1] ?? ''
      return text.length > fieldMax ? '' : text.trim()
    }
    const read = readRow(fields, line)
    if (read && 'amount' in read) tally.add(read)
    return read
  }
}

/** Reads a CSV; what it comes to is read last. Throws `Refused` for a file that is not the one agreed on. */
export async function* readCsv(
  bytes: AsyncIterable<Uint8Array>,
  mapping: CsvMapping,
): AsyncGenerator<StatementLine | Unparsable | Ending> {
  const tally = createTally()
  const mark = mapping.trailer?.mark
  let read: ReturnType<typeof createLineReader> | undefined
  let stated: Stated | undefined
  let rows = 0
  let lines = 0
  let unparsable = 0
  for await (const row of rowsOf(bytes, mapping)) {
    if (stated) throw new Refused('there are lines after the last one, which has the totals')
    if (read === undefined) read = createLineReader(row, mapping, tally)
    else if (mark !== undefined && row[0]?.trim() === mark) stated = statedBy(row, mapping)
    else {
      rows += 1
      const line = read(row, rows)
      if (!line) continue
      lines += 1
      if ('complaint' in line) unparsable += 1
      yield line
    }
  }
  if (read === undefined) throw new Refused('the file has no heading')
  if (mark !== undefined && stated === undefined)
    throw new Refused('the last line, with the totals, is not there: the file is broken off')
  const differences = unparsable > 0 ? [] : tally.differences(stated ?? {}, rows)
  yield { ending: 'whole', lines, unparsable, differences }
}
