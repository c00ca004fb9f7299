import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { payoutStatusChanged } from '../../../functions/publish/event.ts'

const file = 'functions/publish/payout-status-changed.json'

test(`${file} is the schema of what is published`, () => {
  const generated = z.toJSONSchema(payoutStatusChanged, { io: 'input' })
  const written: unknown = JSON.parse(readFileSync(file, 'utf8'))
  // Should they differ: write JSON.stringify(generated) into the file, then `npm run format`.
  expect(written).toEqual(JSON.parse(JSON.stringify(generated)))
})
