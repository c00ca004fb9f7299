import { describe, expect, it } from 'vitest'
import { printed } from './operator.ts'

/** What people are told where they see a part. */

const since = '2020-10-01T10:00:00+07:00'
const payout = {
  participantId: 'P-00017',
  payout: 'incentive-2',
  kind: 'incentive',
  amount: 600_000,
  wave: 4,
  state: 'failed',
  since,
}

describe('a list', () => {
  const page = { count: 1, rupiah: 600_000 }
  const total = (count: number, atLeast: boolean) => ({
    total: { count, rupiah: count * 600_000, atLeast, oldest: since },
  })
  const shown = async (rest: object) =>
    (await printed(['failed', '--limit', '1'], { payouts: [payout], page, ...rest })).split('\n')

  it.each([
    [false, 'in all 1,234 payouts, Rp740,400,000'],
    [true, 'in all at least 1,234 payouts, Rp740,400,000'],
  ])(
    'of several pages says what all of it comes to (there is more than was counted: %o)',
    async (atLeast, line) => {
      expect((await shown({ ...total(1_234, atLeast), next: 'c2' })).slice(2, 4)).toEqual([
        '1 payout, Rp600,000, and there are more',
        line,
      ])
    },
  )

  it.each([
    ['of one page', total(1, false)],
    ['of which no more was counted than is shown', { ...total(1, true), next: 'c2' }],
  ])('%s says what it comes to once', async (_, rest) => {
    expect((await shown(rest)).join('\n')).not.toContain('in all')
  })
})

describe('show', () => {
  const reference = 'P-00017-I2-A1'
  const attempt = { attempt: 1, reference, partner: 'bni', lastFour: '4321', status: 'paid', since, sends: 1 }
  const training = { trainingProvider: 'skill-academy', platform: 'tokopedia' }
  const participant = {
    ...{ participantId: 'P-00017', wave: 4, scheme: '2020', accounts: [], timeline: [] },
    certificate: { certificateId: 'C-17', issuedAt: since, ...training },
    payouts: [{ ...payout, attempts: [attempt], next: 'Nothing.', move: 'nobody' }],
    unread: [{ partner: 'bni', payout: 'incentive-2', reference }],
  }

  it.each(['P-00017', 'P-00017/incentive-2', reference])(
    'of %s says what cannot be read',
    async (subject) => {
      const lines = (await printed(['show', subject], participant)).split('\n')
      expect(lines.slice(-3)).toEqual([
        `the statement lines of ${reference} at bni cannot be read now: the timeline may lack what the partner booked`,
        `! Once more, in a minute; if it stays so, the log of ops says why: npm run ops -- show ${subject}`,
        '= 0',
      ])
    },
  )

  it('says nothing of what cannot be read of another payout', async () => {
    expect(await printed(['show', 'P-00017/incentive-3'], participant)).not.toContain('cannot be read')
  })

  describe('of a participant with a damaged journal', () => {
    const { unread: _, ...readable } = participant
    const damaged = { ...readable, damaged: ['incentive-3'] }
    const told =
      'incentive-3 cannot be shown: its journal is damaged, see the article journal-tampered in infra/RUNBOOK.md'

    it.each(['P-00017', 'P-00017/incentive-3', 'P-00017-I3-A1'])('as %s says so', async (subject) => {
      const lines = (await printed(['show', subject], damaged)).split('\n')
      expect(lines).toContain(told)
      expect(lines.join('\n')).not.toContain('never sent')
    })

    it('says nothing of it beside another payout', async () => {
      expect(await printed(['show', 'P-00017/incentive-2'], damaged)).not.toContain('damaged')
    })
  })
})
