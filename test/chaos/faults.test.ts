import { expect, it } from 'vitest'
import { createFaults } from './faults.ts'
import { createRandom } from './random.ts'

const rates = { read: 0, index: 0, write: 0, transaction: 0, partner: 0, queue: 0, timer: 0, seldom: 0.4 }

it('has workers die where one seldom comes to, but not until their message is given up', () => {
  const drawFault = createFaults(rates, createRandom(1, 1))
  const attempts = (subject: string) => Array.from({ length: 100 }, () => drawFault({ ...place, subject }))
  const place = { nature: 'write', point: 'intake: set shared' } as const
  for (const subject of ['P-1', 'P-2']) {
    const faults = attempts(subject)
    expect(faults.filter(Boolean)).toHaveLength(3)
    expect(faults.slice(20).filter(Boolean)).toEqual([])
  }
  expect(drawFault({ nature: 'write', point: 'pay: append claimed', subject: 'P-1' })).toBeUndefined()
})
