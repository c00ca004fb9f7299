import fc from 'fast-check'
import { validEvents } from './hostile-bodies.ts'

/** A way to write JSON that changes nothing of its value. */
type Hand = {
  readonly space: string
  readonly reversed: boolean
  readonly text: (text: string) => string
  readonly number: (number: number) => string
  /** What stands under every name before the value that counts. */
  readonly before: unknown
}

function write(value: unknown, hand: Hand): string {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? hand.number(value) : String(value)
  if (typeof value !== 'object' || value === null) return hand.text(String(value))
  const { space, text } = hand
  const fields = Object.entries(value)
  if (hand.reversed) fields.reverse()
  const written = fields.flatMap(([name, field]) => [
    `${text(name)}${space}:${JSON.stringify(hand.before)}`,
    `${text(name)}:${space}${write(field, hand)}`,
  ])
  return `{${space}${written.join(`${space},${space}`)}${space}}`
}

const escaped = (text: string): string =>
  `"${[...text].map((letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')}"`

const hand: fc.Arbitrary<Hand> = fc.record({
  space: fc.constantFrom('', ' ', '\n', '\r\n\t'),
  reversed: fc.boolean(),
  text: fc.constantFrom((text: string) => JSON.stringify(text), escaped),
  number: fc.constantFrom(
    String,
    (number: number) => number.toFixed(3),
    (number: number) => `${number * 10}E-1`,
  ),
  before: fc.oneof(fc.constantFrom(null, {}, [], '__proto__', 1e308), fc.jsonValue({ maxDepth: 2 })),
})

/** Unknown to us, and none of our business. */
const unknown = fc.dictionary(
  fc.constantFrom('id', 'time', 'constructor', 'then', '__proto__'),
  fc.jsonValue(),
  {
    maxKeys: 2,
  },
)

/** An event in which everything is right, and the same in another hand and with fields that nobody knows. */
export const rewritten = fc
  .record({ event: fc.constantFrom(...validEvents), hand, unknown })
  .map(({ event, hand, unknown }) => {
    const detail = Object.fromEntries([...Object.entries(unknown), ...Object.entries(event.detail)])
    const more = Object.fromEntries([...Object.entries(unknown), ...Object.entries({ ...event, detail })])
    return { plain: JSON.stringify(event), other: write(more, hand) }
  })
