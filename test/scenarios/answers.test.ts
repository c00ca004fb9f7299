import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type Pipeline, startPipeline } from '../support/pipeline.ts'

let pipeline: Pipeline
beforeAll(async () => {
  pipeline = await startPipeline({ startAt: '2020-09-18T10:00:00+07:00' })
})
afterEach(() => pipeline.promisesKept())
afterAll(() => pipeline.stop())

test('pays', async () => {
  const budi = pipeline.enrol('gopay')
  console.time('a')
  await pipeline.pass({ minutes: 10 })
  console.timeEnd('a')
  expect(pipeline.credits(budi)).toEqual(['gopay incentive-1 600000'])
  expect(await pipeline.story(budi)).toEqual(['claimed', 'disbursed'])
})
