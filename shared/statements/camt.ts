import type { Difference, Ending } from './ending.ts'
import { amountIn, lineOf, type Said, textIn } from './entry.ts'
import { readPlainAmount } from './fields.ts'
import type { StatementLine, Unparsable } from './line.ts'
import type { Remark } from './mapping.ts'
import { Refused } from './refused.ts'
import { createTally } from './tally.ts'
import { type Element, elementsOf } from './xml.ts'

/**
 * ISO 20022 camt.053, BankToCustomerStatement, of any version (https://www.iso20022.org/iso-20022-message-definitions,
 * Bank-to-Customer Cash Management). An entry is a line, and so is each transaction of a batch entry. Entries that are
 * pending or for information are left out: they come again once they are booked.
 */

const namespace = /^urn:iso:std:iso:20022:tech:xsd:camt\.053\.001\.\d\d$/
const statementPath = '/Document/BkToCstmrStmt/Stmt'
const balancePath = `${statementPath}/Bal`
const entryPath = `${statementPath}/Ntry`
const transactionPath = `${entryPath}/NtryDtls/TxDtls`
const notBooked = new Set(['PDNG', 'INFO', 'FUTR'])

/** More different texts than any entry has. */
const textsMax = 256

/** Collects the texts below an element. */
function createCollector(path: string) {
  let said = new Map<string, { text: string; currency: string | undefined }>()
  return {
    /** Keeps the first text under each path. */
    hear({ path: of, text, currency }: Element): void {
      if (text === '' || !of.startsWith(path)) return
      const below = of.slice(path.length)
      if (said.size < textsMax && !said.has(below)) said.set(below, { text, currency })
    },
    /** What was said since it was asked last. */
    take(): Said {
      const taken = said
      said = new Map()
      return taken
    },
    said: (): Said => said,
  }
}

type Read = Omit<StatementLine, 'line'> | Omit<Unparsable, 'line'>
const nothing: Said = new Map()

/** Makes lines of one entry after the other; the entry's own texts come before its transactions. */
function createEntryReader(words: Remark | undefined) {
  const entry = createCollector(entryPath)
  const transaction = createCollector(transactionPath)
  let transactions = 0
  let sum = 0
  /** The first transaction of an entry is only known to be one of several when the second comes. */
  let held: Said | undefined

  function ofTransaction(details: Said, own: boolean): Read {
    sum += amountIn(details) ?? 0
    return lineOf(entry.said(), details, own, words)
  }

  function endTransaction(): Read[] {
    transactions += 1
    const details = transaction.take()
    if (transactions === 1) {
      held = details
      return []
    }
    const first = held && ofTransaction(held, true)
    held = undefined
    return [...(first ? [first] : []), ofTransaction(details, true)]
  }

  function endEntry(): Read[] {
    const isBatch = transactions > 1
    const last = isBatch ? [] : [lineOf(entry.said(), held ?? nothing, false, words)]
    const adds = !isBatch || sum === amountIn(entry.said())
    transactions = 0
    sum = 0
    held = undefined
    entry.take()
    if (adds) return last
    return [{ complaint: 'Amt: the sum of the transactions of the batch entry was expected' }]
  }

  const isBooked = () => !notBooked.has(textIn(entry.said(), '/Sts', '/Sts/Cd') ?? 'BOOK')

  /** Lines that are complete with the end of this element. */
  return (element: Element): readonly Read[] => {
    const { path } = element
    if (path === transactionPath || path === entryPath) {
      const booked = isBooked()
      const lines = path === transactionPath ? endTransaction() : endEntry()
      return booked ? lines : []
    }
    if (path.startsWith(`${transactionPath}/`)) transaction.hear(element)
    else entry.hear(element)
    return []
  }
}

const whole = (said: Said, path: string): number | undefined => {
  const text = textIn(said, path)
  return text === undefined ? undefined : readPlainAmount(text)
}

/** What a statement says of itself, as far as it is in whole rupiah: an account that bears interest has sen. */
function createControl() {
  const statement = createCollector(statementPath)
  const balance = createCollector(balancePath)
  const tally = createTally()
  const balances = new Map<string, number>()
  let entries = 0

  function noteBalance(): void {
    const said = balance.take()
    const value = whole(said, '/Amt')
    const code = textIn(said, '/Tp/CdOrPrtry/Cd')
    if (value === undefined || code === undefined) return
    balances.set(code, textIn(said, '/CdtDbtInd') === 'DBIT' ? -value : value)
  }

  function end(): readonly Difference[] {
    const said = statement.take()
    const opening = balances.get('OPBD')
    const stated = {
      lines: whole(said, '/TxsSummry/TtlNtries/NbOfNtries'),
      credits: whole(said, '/TxsSummry/TtlCdtNtries/Sum'),
      debits: whole(said, '/TxsSummry/TtlDbtNtries/Sum'),
      'closing balance': opening === undefined ? undefined : balances.get('CLBD'),
    }
    const differences = tally.differences(stated, entries, opening)
    balances.clear()
    entries = 0
    tally.clear()
    return differences
  }

  return {
    add: tally.add,
    hear(element: Element): readonly Difference[] {
      if (element.path === entryPath) entries += 1
      else if (element.path === balancePath) noteBalance()
      else if (element.path === statementPath) return end()
      else if (element.path.startsWith(`${balancePath}/`)) balance.hear(element)
      else if (element.path.startsWith(`${statementPath}/TxsSummry/`)) statement.hear(element)
      return []
    },
  }
}

const anotherMessage = 'the document is not camt.053, a bank to customer statement'

/** Reads camt.053; what it comes to is read last. Throws `Refused` for another document, or not all of one. */
export async function* readCamt(
  bytes: AsyncIterable<Uint8Array>,
  words: Remark | undefined,
): AsyncGenerator<StatementLine | Unparsable | Ending> {
  const linesOf = createEntryReader(words)
  const control = createControl()
  const differences: Difference[] = []
  let version: string | undefined
  let statements = 0
  let lines = 0
  let unparsable = 0
  for await (const elements of elementsOf(bytes))
    for (const element of elements) {
      version ??= element.namespace
      if (!namespace.test(version)) throw new Refused(anotherMessage)
      // Banks may add elements of their own, each in a namespace of its own.
      if (element.namespace !== version) continue
      if (element.path === statementPath) statements += 1
      for (const read of linesOf(element)) {
        lines += 1
        if ('complaint' in read) unparsable += 1
        else control.add(read)
        yield { line: lines, ...read }
      }
      differences.push(...control.hear(element))
    }
  if (statements === 0) throw new Refused(anotherMessage)
  yield { ending: 'whole', lines, unparsable, differences: unparsable > 0 ? [] : differences }
}
