import type { Problem } from './checks.ts'
import { textOf } from './text.ts'
import type { World } from './world.ts'

/** Whether a text holds the number of an account or the name of its holder: only the table of accounts may. */
export type IsPersonal = (text: string) => boolean

/** A run of digits, which an account's number may be. */
const digits = /\d{6,}/g
/** What banks and wallets may write before a number. */
const prefix = /^(?:62|0)/

/** Numbers are found as banks and wallets write them: whole, and with or without the country's prefix or a zero. */
export function createIsPersonal({ holders }: Pick<World, 'holders'>): IsPersonal {
  const numbers = new Set(holders.map(({ number }) => number.replace(/^\+62/, '')))
  const names = new RegExp([...new Set(holders.map(({ name }) => name))].join('|'), 'i')
  if (holders.length === 0) return () => false
  const isNumber = (run: string) => numbers.has(run) || numbers.has(run.replace(prefix, ''))
  return (text) => (text.match(digits) ?? []).some(isNumber) || names.test(text)
}

/** Looks at what is written or sent to a place where nothing personal belongs. */
export function createPersonalCheck(world: World, report: (problem: Problem) => void) {
  const isPersonal = createIsPersonal(world)
  return (place: string, content: unknown): void => {
    if (!isPersonal(textOf(content))) return
    report({ check: 'personal data', subject: '', detail: `${place} names an account or its holder` })
  }
}
