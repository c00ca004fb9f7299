import { type Instant, plusSeconds } from '../../../shared/domain/instant.ts'
import { type Payout, shardOf } from '../../../shared/domain/payout.ts'
import { lists } from '../../../shared/domain/row.ts'
import { type Lane, shards } from '../lane.ts'

let rows = 0

/** Puts a payout of nobody in particular into the lane's open list, dated `at`. */
export async function place(lane: Lane, at: Instant, payout: Payout = 'incentive-1') {
  const { partnerName } = lane
  const participantId = `PLACED-${++rows}`
  const shard = shardOf(participantId, payout, shards)
  const row = { participantId, payout, seq: 0, facts: 1, state: 'scheduled', wave: 5, since: at } as const
  await lane.ledger.participants.project({
    ...row,
    list: lists.open(partnerName, shard),
    at,
    partner: partnerName,
  })
  return { participantId, payout, at, shard }
}

/** So many of them, each a second older than the one before, the last of them a second old. */
export async function placeMany(lane: Lane, count: number, payout?: Payout) {
  const places: Awaited<ReturnType<typeof place>>[] = []
  for (let age = count; age > 0; age--) places.push(await place(lane, plusSeconds(lane.now(), -age), payout))
  return places
}
