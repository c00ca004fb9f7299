import { describe, expect, it } from 'vitest'
import type { Item } from '../../shared/ledger/dynamodb/write-units.ts'
import type { Problem } from './checks.ts'
import { createSharing } from './sharing.ts'

const version = '2020-12-09T17:07:12.000Z-f980987b'
const holder = (participantId: string): Item => ({
  pk: { S: 'account#4263d0f1' },
  sk: { S: `${participantId}#${version}` },
})
const account = (participantId: string, shared: boolean): Item => ({
  pk: { S: participantId },
  sk: { S: version },
  ...(shared && { shared: { BOOL: true } }),
})
const entry = (participantId: string, seq: number, type: string): Item => ({
  pk: { S: participantId },
  sk: { S: `incentive-1#000${seq}` },
  event: { M: { type: { S: type }, accountVersion: { S: version } } },
})

function broken(changes: readonly Item[], entries: readonly Item[] = []): readonly string[] {
  const problems: Problem[] = []
  const sharing = createSharing((problem) => problems.push(problem))
  for (const item of changes) sharing.changed(item)
  for (const item of entries) sharing.entered(item)
  return problems.map(({ check, subject }) => `${check} ${subject}`)
}

const first = [holder('P-1'), account('P-1', false)]
const marked = [holder('P-2'), account('P-1', true), account('P-2', true)]

describe('an account that somebody else holds', () => {
  it.each<[string, readonly Item[], readonly string[]]>([
    ['may not be there unmarked', [...first, holder('P-2'), account('P-2', false)], ['sharing P-2']],
    [
      'nor before it is known who holds it',
      [...first, account('P-2', false), holder('P-2')],
      ['sharing P-2'],
    ],
    ['may be there marked', [...first, ...marked], []],
    ['stays payable for whoever was first, until it is marked', [...first, holder('P-2')], []],
    [
      'is that of two at once for the second alone',
      [holder('P-1'), holder('P-2'), account('P-1', false)],
      [],
    ],
  ])('%s', (_, changes, found) => expect(broken(changes)).toEqual(found))

  it('is not claimed, but where somebody has cleared it', () => {
    const claim = (participantId: string) => entry(participantId, 1, 'claimed')
    expect(broken([...first, ...marked], [claim('P-2')])).toEqual(['sharing P-2 incentive-1'])
    expect(broken([...first, ...marked], [claim('P-1')])).toEqual([])
    const lifted = [entry('P-2', 1, 'hold-released'), entry('P-2', 2, 'claimed')]
    expect(broken([...first, ...marked], lifted)).toEqual([])
  })
})
