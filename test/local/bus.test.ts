import { describe, expect, test } from 'vitest'
import { createBus, type Envelope } from '../../infra/local/bus.ts'
import { compilePattern } from '../../infra/local/pattern.ts'

const envelope = (fields: Partial<Envelope>): Envelope => ({
  version: '0',
  id: 'e-1',
  source: 'platform.one',
  account: '111122223333',
  time: '2020-09-18T03:00:00Z',
  region: 'ap-southeast-3',
  resources: [],
  'detail-type': 'CertificateIssued',
  detail: { wave: 1, tags: ['a', 'b'] },
  ...fields,
})

describe('patterns', () => {
  test.each([
    ['an exact value', { source: ['platform.one'] }, true],
    ['one value of several', { source: ['core', 'platform.one'] }, true],
    ['another value', { source: ['core'] }, false],
    ['a number', { detail: { wave: [1] } }, true],
    ['the text of a number', { detail: { wave: ['1'] } }, false],
    ['any element of a list', { detail: { tags: ['b'] } }, true],
    ['a prefix', { source: [{ prefix: 'platform.' }] }, true],
    ['the empty prefix', { source: [{ prefix: '' }] }, true],
    ['another prefix', { source: [{ prefix: 'core' }] }, false],
    ['a prefix of a number', { detail: { wave: [{ prefix: '1' }] } }, false],
    ['anything but others', { source: [{ 'anything-but': ['core', 'ops'] }] }, true],
    ['anything but itself', { source: [{ 'anything-but': 'platform.one' }] }, false],
    ['anything but its prefix', { source: [{ 'anything-but': { prefix: 'platform.' } }] }, false],
    ['anything but, of a field it lacks', { detail: { age: [{ 'anything-but': [1] }] } }, false],
    ['every field', { source: ['platform.one'], account: ['111122223333'] }, true],
    ['all fields but one', { source: ['platform.one'], account: ['1'] }, false],
  ])('%s: %j -> %s', (_what, pattern, matches) => {
    expect(compilePattern(pattern)(envelope({}))).toBe(matches)
  })

  test.each([[{ exists: true }], [{ suffix: 'x' }], [{ numeric: ['>', 1] }], [{ prefix: 'a', suffix: 'b' }]])(
    'refuses the operator %j when the bus is made, naming the rule',
    (operator) => {
      const rule = {
        Name: 'odd',
        EventBusName: 'bus',
        State: 'ENABLED' as const,
        EventPattern: { source: [operator] },
        Targets: [],
      }
      expect(() => createBus([rule], () => {})).toThrow(/rule odd: .*source/s)
    },
  )
})

test('an envelope reaches every queue whose rule matches, as JSON', () => {
  const sent: [string, unknown][] = []
  const rule = (
    queue: string,
    EventPattern: Record<string, unknown>,
    State: 'ENABLED' | 'DISABLED' = 'ENABLED',
  ) => ({
    Name: queue,
    EventBusName: 'bus',
    State,
    EventPattern,
    Targets: [{ Arn: `arn:aws:sqs:ap-southeast-3:000000000000:${queue}` as const }],
  })
  const publish = createBus(
    [
      rule('all', { source: [{ prefix: '' }] }),
      rule('certificates', { 'detail-type': ['CertificateIssued'] }),
      rule('surveys', { 'detail-type': ['SurveyCompleted'] }),
      rule('switched-off', { source: [{ prefix: '' }] }, 'DISABLED'),
    ],
    (queue, body) => sent.push([queue, JSON.parse(body)]),
  )
  expect(publish(envelope({}))).toBe(2)
  expect(sent).toEqual([
    ['all', envelope({})],
    ['certificates', envelope({})],
  ])
})
