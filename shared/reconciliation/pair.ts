import { type Item, inOrder } from './item.ts'

/** A line and the movement it is; or, where a partner took a second payment back itself, its debit and its credit. */
export type Pair = { readonly line: Item; readonly counterpart: Item }

/** What an item is known by; two with the same one and the same direction are of the same thing. */
export type Name = (item: Item) => string | undefined

/** Ours first: of an attempt, else the document of a funding, a sweep or a fee. */
export const byOwnReference: Name = ({ partnerReferenceNo, document }) =>
  partnerReferenceNo !== undefined ? `attempt ${partnerReferenceNo}` : document && `document ${document}`
/** The partner's. */
export const byPartnersReference: Name = ({ referenceNo }) => referenceNo

type Group = { readonly ours: Item[]; readonly theirs: Item[] }

/** Takes from `lines` and `movements` those that `fits` brings together, each once. */
function take(
  { ours, theirs }: Group,
  fits: (line: Item, movement: Item) => boolean,
  found: (pair: Pair) => void,
): Group {
  const free = [...ours]
  const left = theirs.filter((line) => {
    const index = free.findIndex((movement) => fits(line, movement))
    if (index < 0) return true
    for (const counterpart of free.splice(index, 1)) found({ line, counterpart })
    return false
  })
  return { ours: free, theirs: left }
}

const equalAmounts = (line: Item, movement: Item): boolean => line.amount === movement.amount

/** Those of equal amounts first, so that one wrong amount does not look like several. */
function pairGroup({ ours, theirs }: Group, found: (pair: Pair) => void): readonly Item[] {
  const group = { ours: ours.toSorted(inOrder), theirs: theirs.toSorted(inOrder) }
  const unequal = take(group, equalAmounts, found)
  const left = take(unequal, () => true, found)
  return [...left.ours, ...left.theirs]
}

/**
 * Brings together lines and movements of the same name and direction, one with one: three honest lines of a payout
 * that was paid, returned and paid again need three movements. Never by amount and date. What is given twice under
 * one id counts once. The result does not depend on the order of the items.
 */
export function pairUp(
  items: readonly Item[],
  nameOf: Name,
): { readonly pairs: readonly Pair[]; readonly left: readonly Item[] } {
  const groups = new Map<string, Group>()
  const pairs: Pair[] = []
  const left: Item[] = []
  const seen = new Set<string>()
  for (const item of items) {
    if (seen.has(item.id)) continue
    seen.add(item.id)
    const name = nameOf(item)
    if (name === undefined) {
      left.push(item)
      continue
    }
    const key = `${item.direction} ${name}`
    const group = groups.get(key) ?? { ours: [], theirs: [] }
    groups.set(key, group)
    group[item.side].push(item)
  }
  for (const group of groups.values()) {
    if (group.ours.length === 0) left.push(...group.theirs)
    else if (group.theirs.length === 0) left.push(...group.ours)
    else left.push(...pairGroup(group, (pair) => pairs.push(pair)))
  }
  return {
    pairs: pairs.sort((one, other) => inOrder(one.counterpart, other.counterpart)),
    left: left.sort(inOrder),
  }
}
