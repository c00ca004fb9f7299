import { type AccountNumbers, inventName, typedName } from './accounts.ts'
import { type Link, type Publication, payoutAccountLinked } from './envelope.ts'
import { type AccountOddity, accountOddities } from './oddities.ts'
import {
  at,
  day,
  hour,
  lastLink,
  minute,
  momentBetween,
  nextRun,
  type Partner,
  partnerShares,
} from './programme.ts'
import type { Random } from './random.ts'
import type { Trained } from './trainings.ts'

type Request = {
  readonly trained: Trained
  readonly oddity: keyof typeof accountOddities | undefined
  readonly numbers: AccountNumbers
  readonly random: Random
}
type Account = { readonly partner: Partner; readonly accountNumber: string }

/** When the first account is linked, by somebody who links one. */
function firstLink(
  linked: Exclude<AccountOddity['linked'], 'never'>,
  { first, firstPublishedAt, told }: Trained,
  random: Random,
): number {
  const known = (from: number, to: number) =>
    momentBetween(Math.min(from, lastLink), Math.min(to, lastLink), random)
  switch (linked) {
    case undefined:
      // The dashboard asks for an account as soon as one is accepted; most have one before the training's last day.
      return momentBetween(told + hour, Math.max(told + 2 * hour, first.issuedAt - day), random)
    case 'late':
      return known(firstPublishedAt + day, firstPublishedAt + 25 * day)
    case 'after-due':
      return known(firstPublishedAt + 32 * day, firstPublishedAt + 80 * day)
    case 'in-2021':
      return known(at('2021-01-05T08:00:00+07:00'), at('2021-03-03T22:00:00+07:00'))
    case 'last-minute':
      return lastLink - minute
    case 'too-late':
      return lastLink + 9 * hour
  }
}

function firstAccount(story: AccountOddity, { numbers, random }: Request): Account {
  if (story.shared) return numbers.shared()
  const partner = story.partners ? random.pick(story.partners) : random.weighted(partnerShares)
  const accountNumber = story.behaviour
    ? numbers.behaving(partner, story.behaviour, random)
    : numbers.ordinary(partner, random)
  return { partner, accountNumber }
}

/** The accounts linked after the first, oldest first: after the certificate, unless they overtake the first. */
function laterLinks(story: AccountOddity, original: Link, { trained, numbers, random }: Request): Link[] {
  const after = (moment: number, from: number, to: number) =>
    momentBetween(Math.min(moment + from, lastLink), Math.min(moment + to, lastLink), random)
  const elsewhere = story.relinked === 'partner' || story.relinked === 'and-back'
  const others = { ...partnerShares, [original.partner]: 0 }
  const partner = elsewhere ? random.weighted(others) : original.partner
  const linkedAt =
    story.relinked === 'overtaking'
      ? after(original.linkedAt, hour, day)
      : after(Math.max(original.linkedAt, trained.firstPublishedAt), 4 * day, 45 * day)
  const changed = { ...original, partner, accountNumber: numbers.ordinary(partner, random), linkedAt }
  if (story.relinked !== 'and-back') return [changed]
  return [changed, { ...original, linkedAt: after(linkedAt, 3 * day, 20 * day) }]
}

/** The accounts the participant links, as published: the night after each, but for the overtaken one. */
export function linkAccounts(request: Request): Publication[] {
  const { trained, oddity, random } = request
  const story: AccountOddity = oddity ? accountOddities[oddity] : { perThousand: 0, means: '' }
  if (story.linked === 'never') return []
  const linkedAt = firstLink(story.linked, trained, random)
  const holderName = typedName(inventName(random), random)
  const { participantId } = trained.first
  const original: Link = { participantId, ...firstAccount(story, request), holderName, linkedAt }
  const links = story.relinked ? [original, ...laterLinks(story, original, request)] : [original]
  const newest = Math.max(...links.map((link) => nextRun(link.linkedAt)))
  return links.map((link) => {
    const overtaken = story.relinked === 'overtaking' && link === original
    const publishedAt = overtaken ? nextRun(newest) : nextRun(link.linkedAt)
    return payoutAccountLinked(link, { id: random.uuid(), publishedAt })
  })
}
