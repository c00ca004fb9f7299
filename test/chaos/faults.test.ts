import { expect, it } from 'vitest'
import { createFaults } from './faults.ts'
import { createRandom } from './random.ts'

const never = {
  read: 0,
  index: 0,
  write: 0,
  transaction: 0,
  partner: 0,
  queue: 0,
  depth: 0,
  secret: 0,
  timer: 0,
}

it('has workers die where one seldom comes to, but not until their message is given up', () => {
  const drawFault = createFaults({ ...never, seldom: 0.4 }, createRandom(1, 1))
  const attempts = (subject: string) => Array.from({ length: 100 }, () => drawFault({ ...place, subject }))
  const place = { nature: 'write', point: 'intake: set shared' } as const
  for (const subject of ['P-1', 'P-2']) {
    const faults = attempts(subject)
    const drawn = faults.filter((fault) => fault !== undefined)
    expect(drawn).toHaveLength(3)
    for (const fault of drawn) expect(fault).toMatch(/^crash-/)
    expect(faults.slice(20).filter(Boolean)).toEqual([])
  }
  expect(drawFault({ nature: 'write', point: 'pay: append claimed', subject: 'P-1' })).toBeUndefined()
})
