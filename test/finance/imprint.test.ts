import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AnyEntry } from '../../shared/domain/entry.ts'
import { type Instant, plusSeconds } from '../../shared/domain/instant.ts'
import { differencesBetween, imprintOf, mergeImprints } from '../../shared/finance/imprint.ts'
import { countOwner } from '../../shared/finance/proof.ts'
import { countFloat, countParticipant, createParts, type Part } from '../../shared/finance/totals.ts'
import { begun, journals } from './people.ts'

/** The parts that the entries of these owners come to. */
function partsOf(owners: readonly (readonly AnyEntry[])[]): readonly Part[] {
  const parts = createParts()
  for (const entries of owners) {
    const [first] = entries
    const isPerson = first?.event.type === 'accrued'
    parts.add(isPerson ? countParticipant(first.event, entries) : countFloat(entries))
  }
  return parts.parts()
}
const ownersIn = (entries: readonly AnyEntry[]) => [...Map.groupBy(entries, ({ owner }) => owner).values()]
const imprinted = (parts: readonly Part[]) => mergeImprints(parts.map(imprintOf))

describe('imprints', () => {
  it('of any shares add up to that of the whole', () => {
    fc.assert(
      fc.property(journals, fc.integer({ min: 1, max: 4 }), (entries, shares) => {
        const owners = ownersIn(entries)
        const divided = Array.from({ length: shares }, (_, share) =>
          partsOf(owners.filter((_owner, index) => index % shares === share)).map(imprintOf),
        )
        expect(mergeImprints(divided.flat())).toEqual(imprinted(partsOf(owners)))
      }),
    )
  })

  const cuts = fc.integer({ min: 0, max: 300_000 }).map((seconds) => plusSeconds(begun, seconds))
  /** The parts of entries up to an instant, and of those after it. */
  function divided(entries: readonly AnyEntry[], cut: Instant) {
    const counted = ownersIn(entries).flatMap(countOwner)
    const [proven, later] = [createParts(), createParts()]
    proven.add(counted.filter(({ at }) => at <= cut))
    later.add(counted.filter(({ at }) => at > cut))
    return [imprinted(proven.parts()), imprinted(later.parts())] as const
  }

  it('do not differ by what is later, whichever of it is counted', () => {
    fc.assert(
      fc.property(journals, cuts, fc.infiniteStream(fc.boolean()), (entries, cut, luck) => {
        const counted = entries.filter(
          ({ at, subject, seq }) =>
            at <= cut || (subject === 'entitlement' && seq === 1) || luck.next().value,
        )
        const [proven, later] = divided(entries, cut)
        expect(differencesBetween(imprinted(partsOf(ownersIn(counted))), proven, later)).toEqual([])
      }),
    )
  })

  it('differ by what is missing of what is not later', () => {
    fc.assert(
      fc.property(journals, cuts, fc.nat(), (entries, cut, nth) => {
        const [proven, later] = divided(entries, cut)
        const place = proven[nth % proven.length]
        const [move, ...others] = place?.moves ?? []
        fc.pre(move !== undefined)
        const kept = proven.map((each) => (each === place ? { ...each, moves: others } : each))
        expect(differencesBetween(kept, proven, later)).toMatchObject([{ day: place?.day, moves: [{}] }])
      }),
    )
  })

  it('differ wherever one entry more or less is counted', () => {
    fc.assert(
      fc.property(journals, fc.nat(), (entries, nth) => {
        const parts = partsOf(ownersIn(entries))
        const changed = parts.map((part, index) => {
          if (index !== nth % parts.length) return part
          const [first, ...others] = part.cells
          return { ...part, cells: first ? [{ ...first, count: first.count + 1 }, ...others] : part.cells }
        })
        const differing = parts[nth % parts.length]
        const expected = differing?.cells.length ? [{ day: differing.day, partner: differing.partner }] : []
        expect(differencesBetween(imprinted(changed), imprinted(parts))).toMatchObject(expected)
        expect(differencesBetween(imprinted(parts), imprinted(parts))).toEqual([])
      }),
    )
  })
})
