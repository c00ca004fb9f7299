/** Things in the order of their places, one at each. */
export type Shelf<Thing> = {
  readonly things: readonly Thing[]
  get(place: string): Thing | undefined
  /** Replaces what is at its place. */
  put(thing: Thing): void
  remove(place: string): void
}

export function createShelf<Thing extends { readonly place: string }>(
  given: readonly Thing[] = [],
): Shelf<Thing> {
  const things = [...given]

  /** Of the first thing at this place or behind it. */
  function positionOf(place: string): number {
    let [low, high] = [0, things.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      const thing = things[middle]
      if (thing !== undefined && thing.place < place) low = middle + 1
      else high = middle
    }
    return low
  }

  return {
    things,
    get(place) {
      const thing = things[positionOf(place)]
      return thing?.place === place ? thing : undefined
    },
    put(thing) {
      const position = positionOf(thing.place)
      things.splice(position, things[position]?.place === thing.place ? 1 : 0, thing)
    },
    remove(place) {
      const position = positionOf(place)
      if (things[position]?.place === place) things.splice(position, 1)
    },
  }
}
