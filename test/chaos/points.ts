import * as z from 'zod'
import type { Nature } from './faults.ts'
import type { MemoryCommand } from './memory/command.ts'

/** What a worker does, in words that do not vary with whom it is done for. */
export type Point = { readonly nature: Nature; readonly point: string; readonly subject: string }

const text = z.object({ S: z.string() }).transform(({ S }) => S)
const keyed = z.object({ pk: text, sk: text })
const evented = z.object({ event: z.object({ M: z.object({ type: text }) }) })

const about = ({ pk, sk }: { pk: string; sk: string }) => `${pk} ${sk}`

/** `SURVEY#2` is a survey, whichever. */
function thing({ pk, sk }: { pk: string; sk: string }): string {
  if (pk.startsWith('account#')) return 'holder'
  if (pk.startsWith('quarantine#')) return 'refused event'
  if (/^(incentive|survey)-\d$/.test(sk)) return 'row'
  if (/^[A-Z]+/.test(sk)) return /^[A-Z]+/.exec(sk)?.[0].toLowerCase() ?? sk
  return 'account'
}

/** Names a command of the ledger. */
export function pointOf({ name, input }: MemoryCommand): Point {
  switch (name) {
    case 'PutItem': {
      const key = keyed.parse(input.Item)
      const entry = evented.safeParse(input.Item)
      const point = entry.success ? `append ${entry.data.event.M.type}` : `write ${thing(key)}`
      return { nature: 'write', point, subject: about(key) }
    }
    case 'UpdateItem': {
      const set = Object.values(input.ExpressionAttributeNames ?? {})[0] ?? ''
      return { nature: 'write', point: `set ${set}`, subject: about(keyed.parse(input.Key)) }
    }
    case 'TransactWriteItems': {
      const puts = (input.TransactItems ?? []).map(({ Put }) => keyed.parse(Put?.Item))
      const things = puts.map((key) => thing(key))
      const point = things.includes('budget')
        ? 'fund'
        : `record ${things.includes('entitlement') ? 'entitlement' : 'certificate'}`
      return { nature: 'transaction', point, subject: puts[0] ? about(puts[0]) : '' }
    }
    case 'GetItem': {
      const key = keyed.parse(input.Key)
      return { nature: 'read', point: `read ${thing(key)}`, subject: about(key) }
    }
    case 'BatchGetItem':
      return { nature: 'read', point: 'read payouts', subject: '' }
    case 'Scan':
      return { nature: 'read', point: 'sweep', subject: '' }
    case 'Query':
      if (input.IndexName !== undefined) return { nature: 'index', point: 'read list', subject: '' }
      return {
        nature: 'read',
        point: 'read partition',
        subject: input.ExpressionAttributeValues?.[':pk']?.S ?? '',
      }
  }
}
