/** The seven amounts one participant can be owed, and how their keys are spread. */

export const payouts = [
  'incentive-1',
  'incentive-2',
  'incentive-3',
  'incentive-4',
  'survey-1',
  'survey-2',
  'survey-3',
] as const
export type Payout = (typeof payouts)[number]
export const kinds = ['incentive', 'survey'] as const
export type Kind = (typeof kinds)[number]
export type SurveyNumber = 1 | 2 | 3

export const isPayout = (text: string): text is Payout => payouts.some((payout) => payout === text)

const surveyNumbers: Readonly<Partial<Record<Payout, SurveyNumber>>> = {
  'survey-1': 1,
  'survey-2': 2,
  'survey-3': 3,
}
export const kindOf = (payout: Payout): Kind => (payout.startsWith('incentive') ? 'incentive' : 'survey')
/** 1 for `incentive-1`. */
export const instalmentOf = (payout: Payout): number => Number(payout.slice(-1))
/** The survey a payout rewards; `undefined` for an incentive. */
export const surveyOf = (payout: Payout): SurveyNumber | undefined => surveyNumbers[payout]

/**
 * The shard of a payout in every work list: FNV-1a over its key, modulo the stage's number of shards. A list's
 * key stays below DynamoDB's 1,000 writes per second per partition only when its payouts are spread.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html
 */
export function shardOf(participantId: string, payout: Payout, shards: number): number {
  let hash = 0x811c9dc5
  for (const character of `${participantId}#${payout}`) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0
  }
  return hash % shards
}
