import type { Holdings } from '../../infra/local/audit/holdings.ts'
import { payoutOfEntryKey } from '../../shared/ledger/dynamodb/keys.ts'
import type { Item } from '../../shared/ledger/dynamodb/writeUnits.ts'
import type { Problem } from './checks.ts'

/** Accounts that several participants have linked: whoever links one later is marked from the beginning, and not paid. */
export type Sharing = {
  /** Hears of everything that is written to the accounts. */
  changed(after: Item): void
  /** Hears of everything that is written to the journal. */
  entered(after: Item): void
}

export function createSharing(report: (problem: Problem) => void): Sharing {
  /** Participants who hold an account, by its hash, and the hash by a version that one of them holds it under. */
  const holders = new Map<string, Set<string>>()
  const hashes = new Map<string, string>()
  /** Of each version, whether it is marked; and those that were when they were written. */
  const versions = new Map<string, boolean>()
  const markedAtOnce = new Set<string>()
  const cleared = new Set<string>()

  const isShared = (participantId: string, hash: string | undefined): boolean =>
    [...(holders.get(hash ?? '') ?? [])].some((holder) => holder !== participantId)
  const unmarked = (participantId: string, version: string) =>
    report({
      check: 'sharing',
      subject: participantId,
      detail: `${version} is unmarked, and somebody else has held the account before`,
    })

  function held(hash: string, sk: string): void {
    const at = sk.lastIndexOf('#')
    const [participantId, version] = [sk.slice(0, at), sk.slice(at + 1)]
    hashes.set(`${participantId} ${version}`, hash)
    if (versions.get(`${participantId} ${version}`) === false && isShared(participantId, hash))
      unmarked(participantId, version)
    holders.set(hash, (holders.get(hash) ?? new Set()).add(participantId))
  }

  function linked(participantId: string, version: string, marked: boolean): void {
    const name = `${participantId} ${version}`
    if (!versions.has(name) && isShared(participantId, hashes.get(name))) {
      if (marked) markedAtOnce.add(name)
      else unmarked(participantId, version)
    }
    versions.set(name, marked)
  }

  return {
    changed({ pk, sk, shared }) {
      const [owner = '', name = ''] = [pk?.S, sk?.S]
      if (owner.startsWith('quarantine#')) return
      if (!owner.startsWith('account#')) linked(owner, name, shared?.BOOL === true)
      else if (!shared?.BOOL) held(owner, name)
    },
    entered({ pk, sk, event }) {
      const { type, accountVersion } = event?.M ?? {}
      const payout = payoutOfEntryKey(sk?.S ?? '')
      if (!payout || accountVersion?.S === undefined) return
      const subject = `${pk?.S} ${payout}`
      if (type?.S === 'hold-released') cleared.add(`${subject} ${accountVersion.S}`)
      if (type?.S !== 'claimed' || cleared.has(`${subject} ${accountVersion.S}`)) return
      if (markedAtOnce.has(`${pk?.S} ${accountVersion.S}`))
        report({ check: 'sharing', subject, detail: 'is claimed, and the account is shared' })
    },
  }
}

/** In the end, every version of an account that several participants have linked is marked, and no other. */
export function sharingBreaks({ participants }: Holdings): readonly Problem[] {
  const links = [...participants].flatMap(([participantId, { accounts }]) =>
    accounts.map((account) => ({ ...account, participantId })),
  )
  const byAccount = Map.groupBy(links, ({ partner, number }) => `${partner} ${number}`)
  return [...byAccount.values()].flatMap((same) => {
    const several = new Set(same.map(({ participantId }) => participantId)).size > 1
    return same
      .filter(({ shared = false }) => shared !== several)
      .map(({ participantId, version }) => ({
        check: 'sharing',
        subject: participantId,
        detail: `${version} is ${several ? 'unmarked, and several hold' : 'marked, and nobody else holds'} the account`,
      }))
  })
}
