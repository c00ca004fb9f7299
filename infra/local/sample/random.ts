import { createHash } from 'node:crypto'

/** A source of chance that a text seeds: the same text gives the same draws on any machine. */
export type Random = {
  /** At least 0, below 1. */
  next(): number
  /** A whole number from `first` to `last`, both included. */
  between(first: number, last: number): number
  /** True `share` of the time. */
  chance(share: number): boolean
  /** One of the choices, all alike. Throws when there is none. */
  pick<Choice>(choices: readonly Choice[]): Choice
  /** A key of the weights, as often as its weight is of their sum. */
  weighted<Key extends string>(weights: Readonly<Partial<Record<Key, number>>>): Key
  /** The same items in another order; the argument is left as it is. */
  shuffled<Item>(items: readonly Item[]): Item[]
  /** Shaped like a version 4 UUID. */
  uuid(): string
}

/** Four unsigned words that a text stands for. */
function words(seed: string): [number, number, number, number] {
  const digest = createHash('sha256').update(seed).digest()
  return [digest.readUInt32LE(0), digest.readUInt32LE(4), digest.readUInt32LE(8), digest.readUInt32LE(12)]
}

/** The generator sfc32 (https://pracrand.sourceforge.net/RNG_engines.txt): 128 bits of state, whole words out. */
function sfc32(seed: string): () => number {
  let [a, b, c, counter] = words(seed)
  return () => {
    const word = (a + b + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + word) | 0
    return word >>> 0
  }
}

export function createRandom(seed: string): Random {
  const word = sfc32(seed)
  const next = () => word() / 2 ** 32
  const between = (first: number, last: number) => first + Math.floor(next() * (last - first + 1))

  function pick<Choice>(choices: readonly Choice[]): Choice {
    const index = between(0, choices.length - 1)
    for (const choice of choices.slice(index, index + 1)) return choice
    throw new RangeError('nothing to pick from')
  }

  function weighted<Key extends string>(weights: Readonly<Partial<Record<Key, number>>>): Key {
    const keys: Key[] = []
    for (const key in weights) keys.push(key)
    const total = keys.reduce((sum, key) => sum + (weights[key] ?? 0), 0)
    let left = next() * total
    for (const key of keys) {
      left -= weights[key] ?? 0
      if (left < 0) return key
    }
    return pick(keys)
  }

  function shuffled<Item>(items: readonly Item[]): Item[] {
    const order = items.map((item) => ({ item, rank: next() }))
    return order.sort((first, second) => first.rank - second.rank).map(({ item }) => item)
  }

  function uuid(): string {
    const hex = [word(), word(), word(), word()].map((part) => part.toString(16).padStart(8, '0')).join('')
    const variant = pick(['8', '9', 'a', 'b'])
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`
  }

  return { next, between, chance: (share) => next() < share, pick, weighted, shuffled, uuid }
}
