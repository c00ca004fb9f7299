import { describe, expect, it } from 'vitest'
import type { Reply } from '../../infra/command/transport.ts'
import { finance } from '../../infra/finance/program.ts'
import type { AnyEntry } from '../../shared/domain/entry.ts'
import { hashOf } from '../../shared/ledger/chain.ts'
import { ok, operate, words } from '../ops/operator.ts'
import { accrualOf, begun, origin } from './people.ts'

const ask = (line: string, replies: readonly Reply[] = []) =>
  operate(words(line), replies, { program: finance })

describe("a participant's statement", () => {
  const entry = accrualOf('P-1')
  const statement = {
    participantId: 'P-1',
    ...{
      at: '2020-10-12T12:00:00+07:00',
      wave: 5,
      scheme: 'prakerja-2020',
      decrees: {},
      payouts: [],
      owed: 2_550_000,
      paid: 0,
    },
    chains: [{ subject: 'entitlement', entries: [entry], hash: hashOf(entry) }],
  }

  it('says that every entry follows from the one before it', async () => {
    const { out, code } = await ask('statement P-1', [ok(statement)])
    expect({ code, last: out.trimEnd().split('\n').at(-1) }).toEqual({
      code: 0,
      last: '1 entry, each following from the one before it',
    })
  })

  it.each([
    ['the last entry was changed', [{ ...entry, by: 'a thief' }], 'the end of entitlement'],
    ['an entry was taken out', [{ ...entry, seq: 2 }], 'entitlement 2'],
    ['an entry was put in', [entry, { ...entry, seq: 2 }], 'entitlement 2'],
  ])('fails when %s', async (_, entries, where) => {
    const [chain] = statement.chains
    const changed = { ...statement, chains: [{ ...chain, entries }] }
    const { out, code } = await ask('statement P-1', [ok(changed)])
    expect(code).toBe(1)
    expect(out).toContain(`the journal is not what was written: ${where}`)
  })

  describe('with characters that a terminal obeys', () => {
    const accrual = accrualOf('P-1', origin({ trainingProvider: 'skill\u00ad\u200bacademy' }))
    const hold: AnyEntry = {
      ...{ owner: 'P-1', subject: 'incentive-1', seq: 1, at: begun, by: 'ani', postings: [] },
      ...{ event: { type: 'held', reason: 'asked by\nthe ministry' }, previousHash: '' },
    }
    const chainOf = (entry: AnyEntry) => ({
      ...{ subject: entry.subject, entries: [entry], hash: hashOf(entry) },
    })
    const written = { ...statement, chains: [accrual, hold].map(chainOf) }

    it('is judged by what was written, and printed without them', async () => {
      const { out, err, code } = await ask('statement P-1', [ok(written)])
      expect({ code, err, last: out.trimEnd().split('\n').at(-1) }).toEqual({
        ...{ code: 0, err: '', last: '2 entries, each following from the one before it' },
      })
      expect(out).not.toMatch(/[\u00ad\u200b]/)
    })

    it.each([
      ['one of them was taken out', { ...hold, event: { type: 'held', reason: 'asked by the ministry' } }],
      ['one stands for another', { ...hold, event: { type: 'held', reason: 'asked by\rthe ministry' } }],
    ])('fails when %s', async (_, entry) => {
      const changed = { ...statement, chains: [chainOf(accrual), { ...chainOf(hold), entries: [entry] }] }
      const { out, code } = await ask('statement P-1', [ok(changed)])
      expect(code).toBe(1)
      expect(out).toContain('the journal is not what was written: the end of incentive-1')
    })

    it('names a broken chain without them', async () => {
      const [chain] = statement.chains
      const changed = { ...statement, chains: [{ ...chain, subject: 'entitle\u001b[31mment', hash: '' }] }
      const { out } = await ask('statement P-1', [ok(changed)])
      expect(out).toContain('the end of entitle\ufffd[31mment')
    })
  })
})
