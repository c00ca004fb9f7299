import type { Item } from '../../shared/ledger/dynamodb/write-units.ts'
import type { Nature } from './faults.ts'
import type { MemoryCommand } from './memory/command.ts'

/** What a worker does, in words that do not vary with whom it is done for. */
export type Point = { readonly nature: Nature; readonly point: string; readonly subject: string }

type Keyed = { readonly pk: string; readonly sk: string }

/** Throws without a key: the ledger sends nothing without one. */
function keyIn(item: Item | undefined): Keyed {
  const [pk, sk] = [item?.pk?.S, item?.sk?.S]
  if (pk === undefined || sk === undefined) throw new Error('a command has no key')
  return { pk, sk }
}
const eventIn = (item: Item): string | undefined => item.event?.M?.type?.S

const about = ({ pk, sk }: Keyed) => `${pk} ${sk}`

/** `SURVEY#2` is a survey, whichever. */
function thing({ pk, sk }: Keyed): string {
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
      const key = keyIn(input.Item)
      const event = eventIn(input.Item)
      const point = event === undefined ? `write ${thing(key)}` : `append ${event}`
      return { nature: 'write', point, subject: about(key) }
    }
    case 'UpdateItem': {
      const set = Object.values(input.ExpressionAttributeNames ?? {})[0] ?? ''
      return { nature: 'write', point: `set ${set}`, subject: about(keyIn(input.Key)) }
    }
    case 'TransactWriteItems': {
      const puts = input.TransactItems.map(({ Put }) => keyIn(Put.Item))
      const things = puts.map((key) => thing(key))
      const [first] = input.TransactItems
      const point = things.includes('budget')
        ? `record ${first ? eventIn(first.Put.Item) : ''}`
        : `record ${things.includes('entitlement') ? 'entitlement' : 'certificate'}`
      return { nature: 'transaction', point, subject: puts[0] ? about(puts[0]) : '' }
    }
    case 'GetItem': {
      const key = keyIn(input.Key)
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
