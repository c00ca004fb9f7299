/** What people or publishers have written may hold somebody's account, in whatever groups of digits they like. */

/** Days, amounts and UUIDs have as many digits as an account, and are none. */
const known = [
  /(?<!\d|\d-)(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?!-?\d)/,
  /\bRp ?\d{1,3}(?:\.\d{3})+(?!\.?\d)/,
  /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/,
]
const anyKnown = new RegExp(`(${known.map(({ source }) => source).join('|')})`)
const numbers = /\d(?:[\s.()\p{Dash_Punctuation}]*\d){7,}/gu

/** The last four digits of an account's number, however it is written. */
export const lastFour = (number: string): string => `…${number.replaceAll(/\D/g, '').slice(-4)}`

/** A text in which every number of eight digits or more, which may be an account, is shown by its last four. */
export const withoutAccounts = (text: string): string =>
  text
    .split(anyKnown)
    .map((part, index) => (index % 2 === 1 ? part : part.replace(numbers, lastFour)))
    .join('')
