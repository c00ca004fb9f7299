import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

/** Everything that a run leaves to chance, from one seed. The same seed gives the same draws for ever. */
export type Random = {
  /** From `first` to `last`, both included. */
  integer(first: number, last: number): number
  /** True in so many of one. */
  chance(rate: number): boolean
  /** Throws on an empty list. */
  pick<One>(from: readonly One[]): One
}

const resolution = 1_000_000

/** `stream` tells apart what is drawn for different purposes, so that more draws for one do not change the other. */
export function createRandom(seed: number, stream: number): Random {
  const generator = xoroshiro128plus(Math.imul(seed, 0x9e3779b1) ^ Math.imul(stream + 1, 0x85ebca6b))
  const integer = (first: number, last: number) => uniformInt(generator, first, last)
  return {
    integer,
    chance: (rate) => rate > 0 && integer(1, resolution) <= rate * resolution,
    pick(from) {
      const picked = from[integer(0, from.length - 1)]
      if (picked === undefined) throw new Error('there is nothing to pick from')
      return picked
    },
  }
}
