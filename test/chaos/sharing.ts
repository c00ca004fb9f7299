import type { Holdings } from '../../infra/local/audit/holdings.ts'
import { payoutOfEntryKey } from '../../shared/ledger/dynamodb/keys.ts'
import type { Item } from '../../shared/ledger/dynamodb/write-units.ts'
import type { Problem } from './checks.ts'

/**
 * Accounts that several participants have linked: whoever says later that it holds one is marked from the beginning, and
 * not paid. Whoever was first is marked once another comes.
 */
export type Sharing = {
  /** Hears of everything that is written to the accounts. */
  changed(after: Item): void
  /** Hears of everything that is written to the journal. */
  entered(after: Item): void
}

export function createSharing(report: (problem: Problem) => void): Sharing {
  /** Participants who hold an account, by its hash. */
  const holders = new Map<string, Set<string>>()
  /** Versions of an account that another participant has held before. */
  const later = new Set<string>()
  /** Of each version, whether it is marked. */
  const versions = new Map<string, boolean>()
  const cleared = new Set<string>()

  const unmarked = (participantId: string, version: string) =>
    report({
      check: 'sharing',
      subject: participantId,
      detail: `${version} is unmarked, and somebody else has held the account before`,
    })

  function held(hash: string, sk: string): void {
    const at = sk.lastIndexOf('#')
    const [participantId, version] = [sk.slice(0, at), sk.slice(at + 1)]
    const before = holders.get(hash) ?? new Set()
    holders.set(hash, before)
    if ([...before].some((holder) => holder !== participantId)) {
      later.add(`${participantId} ${version}`)
      if (versions.get(`${participantId} ${version}`) === false) unmarked(participantId, version)
    }
    before.add(participantId)
  }

  function linked(participantId: string, version: string, marked: boolean): void {
    const name = `${participantId} ${version}`
    if (later.has(name) && !marked) unmarked(participantId, version)
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
      if (later.has(`${pk?.S} ${accountVersion.S}`))
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
