import fc from 'fast-check'
import { accountLinked, certificateIssued, type Envelope, surveyCompleted } from '../events.ts'
import { hostileText, hostileValues, ourKeys, prototypes } from './hostile-values.ts'

/** Hostile bodies about three participants, so that what one of them leaves behind meets others. */

export const validEvents: readonly Envelope[] = [
  certificateIssued('P-1'),
  surveyCompleted('P-1'),
  accountLinked('P-1'),
  surveyCompleted('P-1', { survey: 3 }),
  accountLinked('P-1', { partner: 'bni', accountNumber: '0123456789', linkedAt: '2020-09-02T10:00:00Z' }),
  certificateIssued('P-1', { certificateId: 'D-P-1', issuedAt: '2020-03-31T23:59:59.999+07:00' }),
  certificateIssued('P-1', { certificateId: 'E-P-1', wave: 6 }),
  certificateIssued('P-2'),
  ...['P-2', 'P-3'].flatMap((id) => [
    surveyCompleted(id),
    surveyCompleted(id, { survey: 2 }),
    accountLinked(id),
  ]),
]

const valid = fc.constantFrom(...validEvents)

/** Which field, and which of the values that are hostile there. */
type Damage = readonly [field: number, value: number]
const damage: fc.Arbitrary<Damage> = fc.tuple(fc.nat(99), fc.nat(9_999))

function hostileValue(name: string, right: unknown, choice: number): unknown {
  const { text, time, number } = hostileValues
  const values = /At$|^time$/.test(name) ? time : typeof right === 'number' ? number : text
  return values[choice % values.length]
}

/** One of the fields, or one that every object has already, and what is to stand there. */
function hostileField(fields: object, [field, value]: Damage): readonly [string, unknown] {
  const entries = [...Object.entries(fields), ['__proto__', {}]] as const
  const [name, right] = entries[field % entries.length] ?? entries[0]
  return [name, hostileValue(name, right, value)]
}
/** `Object.fromEntries` makes `__proto__` a field like any other, as JSON.parse does. */
const damagedBy = (fields: object, damages: readonly Damage[]): object =>
  Object.fromEntries([...Object.entries(fields), ...damages.map((one) => hostileField(fields, one))])

/** Events of which a field or two are something else; the rest is right, so that more than the first rule is reached. */
const damaged = fc
  .record({
    event: valid,
    detail: fc.array(damage, { minLength: 1, maxLength: 2 }),
    envelope: fc.oneof({ weight: 6, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: fc.tuple(damage) }),
  })
  .map(({ event, detail, envelope }) =>
    JSON.stringify(damagedBy({ ...event, detail: damagedBy(event.detail, detail) }, envelope)),
  )

/** Events from sources that are nearly those of platforms. */
const misattributed = fc
  .constantFrom('tokopedia\n', 'ruangguru', '', ...prototypes, ...ourKeys)
  .chain((name) =>
    fc.constantFrom(
      ...validEvents.flatMap((event) => [
        { ...event, source: `prakerja.platform.${name}` },
        { ...event, source: name, detail: { ...event.detail, platform: name, partner: name } },
      ]),
    ),
  )
  .map((event) => JSON.stringify(event))

/** A field twice, of which the first or the second is right. */
const doubled = fc.tuple(valid, damage, fc.boolean()).map(([event, one, first]) => {
  const [name, value] = hostileField(event.detail, one)
  const extra = `${JSON.stringify(name)}:${JSON.stringify(value)}`
  const text = JSON.stringify(event)
  return first ? text.replace('"detail":{', `"detail":{${extra},`) : text.replace(/}}$/, `,${extra}}}`)
})

/** Everything right but where it is: beneath a prototype, in a list, in a text, inside another event. */
const displaced = fc
  .tuple(valid, fc.constantFrom(...prototypes, '0', 'detail'), fc.nat(8))
  .map(([event, name, kind]) => {
    const within = JSON.stringify(event.detail)
    const text = JSON.stringify(event)
    const places = [
      text.replace(within, `{"${name}":${within}}`),
      text.replace(within, `[${within}]`),
      text.replace(within, JSON.stringify(within)),
      text.replace(within, text),
      `{"${name}":${text}}`,
      `[${text}]`,
      `${text}${text}`,
      `\ufeff${text}`,
      JSON.stringify(text),
    ]
    return places[kind] ?? ''
  })

const whole = fc.oneof(
  valid.map((event) => JSON.stringify(event)),
  damaged,
)
/** The body's bytes with some of them replaced, as UTF-8 again. */
const mutated = fc
  .tuple(whole, fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { minLength: 1, maxLength: 3 }))
  .map(([text, changes]) => {
    const bytes = Buffer.from(text)
    for (const [place, byte] of changes) bytes[place % bytes.length] = byte
    return bytes.toString()
  })
const truncated = fc.tuple(whole, fc.nat(400)).map(([text, length]) => text.slice(0, length))

/** What fills a message of the queue: a text, a number, a list, a nest or a crowd of fields. */
const fillings: readonly ((size: number) => string)[] = [
  (size) => `"${'x'.repeat(size)}"`,
  (size) => `"${'\u5b57'.repeat(size / 3)}"`,
  (size) => '9'.repeat(size),
  (size) => `[${'0,'.repeat(size / 2)}0]`,
  (size) => '['.repeat(size / 2) + ']'.repeat(size / 2),
  (size) => `${'{"a":'.repeat(size / 6)}0${'}'.repeat(size / 6)}`,
  (size) => `{${Array.from({ length: size / 12 }, (_, index) => `"k${index}":0`).join()}}`,
]
const bodyBytesMax = 262_144
/** A message as large as a queue takes, or nearly. */
export const largeBody = fc
  .record({
    event: valid,
    one: damage,
    size: fc.integer({ min: 100_000, max: bodyBytesMax - 1_000 }),
    filling: fc.constantFrom(...fillings),
  })
  .map(({ event, one, size, filling }) =>
    JSON.stringify(event).replace(/}}$/, `,"${hostileField(event.detail, one)[0]}":${filling(size)}}}`),
  )

/** A field, of the event or of its detail, with lists or objects in it, one within the other. */
const nested = fc
  .record({
    event: valid,
    one: damage,
    levels: fc.integer({ min: 100, max: 5_000 }),
    within: fc.constantFrom(['[', ']'], ['{"a":', '}']),
    outside: fc.boolean(),
    last: fc.boolean(),
  })
  .map(({ event, one, levels, within: [open = '', close = ''], outside, last }) => {
    const [name] = hostileField(outside ? event : { ...event.detail, unknown: 0 }, one)
    const field = `"${name}":${open.repeat(levels)}0${close.repeat(levels)}`
    const text = JSON.stringify(event)
    if (last) return outside ? text.replace(/}$/, `,${field}}`) : text.replace(/}}$/, `,${field}}}`)
    return outside ? text.replace('{', `{${field},`) : text.replace('"detail":{', `"detail":{${field},`)
  })

const anything = fc.oneof(fc.json({ maxDepth: 3 }), hostileText)

/** A message of ordinary size. */
export const hostileBody = fc.oneof(
  { weight: 400, arbitrary: damaged },
  { weight: 15, arbitrary: valid.map((event) => JSON.stringify(event)) },
  { weight: 50, arbitrary: misattributed },
  { weight: 30, arbitrary: doubled },
  { weight: 40, arbitrary: displaced },
  { weight: 50, arbitrary: mutated },
  { weight: 15, arbitrary: truncated },
  { weight: 20, arbitrary: anything },
  { weight: 6, arbitrary: nested },
)
