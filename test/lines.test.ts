import { expect, test } from 'vitest'
import { wholeLines } from '../shared/lines.ts'
import { chunks } from './statements/reading.ts'

async function read(content: string | Uint8Array, size: number) {
  const lines: string[] = []
  try {
    for await (const line of wholeLines(chunks(content, size), () => new Error('broken off')))
      lines.push(line)
  } catch (error) {
    return { lines, error }
  }
  return { lines }
}

const text = '{"name":"é€😀"}\n\n\u2028 and \r\u0085 end no line\n'
const sizes = [1, 2, 3, 5, 7, 65_536]

test.for(sizes)('a text that comes in chunks of %d bytes has the same lines', async (size) => {
  expect(await read(text, size)).toEqual({ lines: text.split('\n').slice(0, -1) })
  expect(await read('', size)).toEqual({ lines: [] })
})

test.for(sizes)('in chunks of %d bytes, no byte behind the last line feed is lost unseen', async (size) => {
  const rest = Buffer.from('é€😀')
  for (let end = 1; end <= rest.length; end++)
    expect(await read(Buffer.concat([Buffer.from(text), rest.subarray(0, end)]), size)).toEqual({
      lines: text.split('\n').slice(0, -1),
      error: new Error('broken off'),
    })
})
