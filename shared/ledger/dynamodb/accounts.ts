import { createHmac } from 'node:crypto'
import * as z from 'zod'
import { canonicalJson } from '../canonical.ts'
import type { Account, AccountLink, Accounts } from '../ports.ts'
import { accountSchema } from '../schemas.ts'
import { keys } from './keys.ts'
import { absent, type Condition, type Table } from './table.ts'

const holderRow = z.object({ sk: z.string(), shared: z.boolean().optional() })
const exists: Condition = { expression: 'attribute_exists(pk)' }
const isThereUnverified: Condition = {
  expression: 'attribute_exists(pk) AND attribute_not_exists(verification)',
}

type Holder = ReturnType<typeof toHolder>
const isUnmarked = ({ shared }: Holder) => !shared
/** Its key is `<participant>#<version>`: a version never contains a `#`. */
function toHolder(item: unknown) {
  const { sk, shared = false } = holderRow.parse(item)
  const at = sk.lastIndexOf('#')
  return { participantId: sk.slice(0, at), version: sk.slice(at + 1), shared }
}

function toAccount(item: unknown): Account {
  const { verification, shared, ...account } = accountSchema.parse(item)
  const known = { ...account, lastFour: account.number.slice(-4), shared: shared ?? false }
  if (!verification) return known
  if (verification.outcome === 'refused') return { ...known, verification }
  const { outcome, ...verified } = verification
  return { ...known, verification: { outcome }, verified }
}

/**
 * Account versions, the only place with names and numbers. `key` makes hashes that nobody without it can test a
 * guessed number against; only intake has it.
 */
export function createAccounts(table: Table, key: () => Promise<string>): Accounts {
  const keyedHash = async (text: string) =>
    createHmac('sha256', await key())
      .update(text)
      .digest('hex')

  /** Sorts by time; two links of the same moment are told apart by a keyed hash of their content. */
  async function versionOf(link: AccountLink): Promise<string> {
    const hash = await keyedHash(canonicalJson(link))
    return `${link.linkedAt}-${hash.slice(0, 8)}`
  }

  /** Everybody who has linked this account, by participant and version, and whether that version is marked shared. */
  async function holders(accountHash: string) {
    const items = await table.query(`account#${accountHash}`)
    return items.map(toHolder)
  }

  /** Marks these versions of an account, and each holder once its version is marked. */
  async function mark(accountHash: string, unmarked: readonly Holder[]): Promise<void> {
    for (const { participantId, version } of unmarked) {
      const marked = await table.set(keys.account(participantId, version), 'shared', true, exists)
      // Its version comes behind the holder: whoever writes it marks it then.
      if (!marked) continue
      await table.set(keys.holder(accountHash, participantId, version), 'shared', true, exists, participantId)
    }
  }

  const read = async (participantId: string) => (await table.query(participantId)).map(toAccount)

  return {
    read,

    /*
     * A version that is there may be paid, whatever becomes of this worker: so the others who hold the account are read
     * and marked first, and it is marked from its beginning. Two participants may link at the same moment. Each writes
     * that it holds the account before it reads who does, and reads again once its version is there; whoever reads later
     * sees both and marks both. A holder says once its version is marked, so that the next attempt goes on from there,
     * and an account of thousands costs each of them no more writes than of two.
     */
    async link(link) {
      const { participantId, ...details } = link
      const version = await versionOf(link)
      const accountHash = await keyedHash(`${link.partner} ${link.number}`)
      const isOther = (holder: Holder) => holder.participantId !== participantId
      await table.put({ ...keys.holder(accountHash, participantId, version) }, absent, participantId)
      const others = (await holders(accountHash)).filter(isOther)
      await mark(accountHash, others.filter(isUnmarked))
      const account = { ...keys.account(participantId, version), version, ...details }
      const outcome = await table.put(others.length > 0 ? { ...account, shared: true } : account, absent)
      const all = await holders(accountHash)
      if (all.some(isOther)) await mark(accountHash, all.filter(isUnmarked))
      return outcome.written ? 'recorded' : 'duplicate'
    },

    /*
     * Two batches may ask the partner about one version at the same time, and be told two names. The first to write wins:
     * the other reads what stands, since a request is made again from the name in the table alone.
     */
    async recordVerification(participantId, version, result) {
      const key = keys.account(participantId, version)
      if (await table.set(key, 'verification', result, isThereUnverified)) return undefined
      return (await read(participantId)).find((account) => account.version === version)
    },
  }
}
