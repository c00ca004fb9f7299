import { describe, expect, it } from 'vitest'
import { printed, set } from './operator.ts'

describe('a preview of more than it can look at', () => {
  const nothing = {
    set,
    payments: 0,
    rupiah: 0,
    skipped: {},
    skippedPayouts: [],
    needsApproval: false,
    approvalReasons: [],
    truncated: true,
  }

  it('says how to go on where nothing of what it has looked at would be sent', async () => {
    const answer = { ...nothing, lookedTo: '2020-10-03T09:30:00+07:00', next: 'c2' }
    const filter = ['--partner', 'bni', '--remedy', 'partner', '--cursor', 'c1']
    expect(await printed(['retry', ...filter], answer)).toMatchInlineSnapshot(`
      "would retry 0 payments, Rp0
      looked at what has failed up to 2020-10-03 09:30, oldest first: there is more
      ! The rest: npm run ops -- retry --partner bni --remedy partner --cursor c2
      = 0"
    `)
  })

  it('says so where there was no time to look at anything', async () => {
    expect(await printed(['retry', '--all'], nothing)).toMatchInlineSnapshot(`
      "would retry 0 payments, Rp0
      there was no time to look at anything: give the command again
      = 0"
    `)
  })
})
