import type { BehaviourNumber } from '../../infra/local/partners/behaviours.ts'
import { type Fault, looks } from './faults.ts'
import type { Operation } from './operations.ts'

/** What operations met in a run, or in several. */
export type Met = {
  /** Every point that changes something, `pay: append claimed`, with the faults that it had. */
  readonly points: ReadonlyMap<string, ReadonlySet<Fault>>
  /** How often each fault came about, reads included. */
  readonly faults: ReadonlyMap<Fault, number>
  /** How often a partner behaved in each of the ways that it can. */
  readonly behaviours: ReadonlyMap<BehaviourNumber, number>
}

export type Tally = {
  readonly met: Met
  /** An operation proceeds at this point, with this fault. */
  note(operation: Pick<Operation, 'nature' | 'point'>, fault: Fault | undefined): void
  /** A partner behaves so. */
  noteBehaviour(behaviour: BehaviourNumber): void
  /** Adds what another tally has. */
  include(other: Met): void
}

/** By function and point. */
const names = new Map<string, Map<string, string>>()

/** What is done by whom: `pay: append claimed`. Made once: a text that was put together is slow to look up. */
export function pointNamed({ worker: { functionName }, point }: Pick<Operation, 'worker' | 'point'>): string {
  const own = names.get(functionName) ?? new Map<string, string>()
  const name = own.get(point) ?? `${functionName}: ${point}`
  names.set(functionName, own.set(point, name))
  return name
}

export function createTally(): Tally {
  const points = new Map<string, Set<Fault>>()
  const faults = new Map<Fault, number>()
  const behaviours = new Map<BehaviourNumber, number>()
  function faultsAt(name: string): Set<Fault> {
    const known = points.get(name) ?? new Set<Fault>()
    points.set(name, known)
    return known
  }
  const count = <Key>(counts: Map<Key, number>, key: Key, times: number) =>
    void counts.set(key, (counts.get(key) ?? 0) + times)
  return {
    met: { points, faults, behaviours },
    note({ nature, point }, fault) {
      if (fault) count(faults, fault, 1)
      if (looks.includes(nature)) return
      const had = faultsAt(point)
      if (fault) had.add(fault)
    },
    noteBehaviour: (behaviour) => count(behaviours, behaviour, 1),
    include(other) {
      for (const [fault, times] of other.faults) count(faults, fault, times)
      for (const [behaviour, times] of other.behaviours) count(behaviours, behaviour, times)
      for (const [name, had] of other.points) {
        const known = faultsAt(name)
        for (const fault of had) known.add(fault)
      }
    },
  }
}
