import { beforeEach, expect, test } from 'vitest'
import { createOutput } from '../../infra/local/output.ts'

const stream = { write: (_chunk: string | Uint8Array) => true }
const lines: string[] = []
const output = createOutput((environment, line) => lines.push(`${environment}: ${line}`))
output.capture(stream)
beforeEach(() => {
  lines.length = 0
})

test('a line is whole, in however many pieces it comes, and whoever writes in between', () => {
  output.during(1, () => stream.write('one, '))
  output.during(2, () => stream.write(Buffer.from('two\nthree, ')))
  output.during(1, () => stream.write('four\n'))
  output.during(2, () => stream.write('five\n\n'))
  expect(lines).toEqual(['2: two', '1: one, four', '2: three, five', '2: '])
})

test('work goes on being the same environment after it has waited', async () => {
  const { promise, resolve } = Promise.withResolvers<void>()
  const work = output.during(1, async () => {
    await promise
    stream.write('done\n')
  })
  output.during(2, resolve)
  await work
  expect(lines).toEqual(['1: done'])
})

test("what is nobody's work is the first environment's", () => {
  stream.write('a warning\n')
  expect(lines).toEqual(['0: a warning'])
})
