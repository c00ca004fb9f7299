/** A turn further off than this is not waited for. */
const longestMs = 30_000
/** Between two looks at the time that is left. */
const sliceMs = 1_000

/** How time passes, in milliseconds. */
export type Time = {
  /** Never goes back, and does not stand still. */
  readonly elapsed: () => number
  readonly wait: (milliseconds: number) => Promise<unknown>
}

/**
 * Turns at a rate, one after another however many ask for one; the first is now. Says whether the turn has come: not
 * when the time runs out first, or when it is too far off.
 */
export function createPace(
  perSecond: number,
  { elapsed, wait, timeFor }: Time & { readonly timeFor: (calls: number) => boolean },
): () => Promise<boolean> {
  let next = elapsed()
  return async () => {
    const mine = Math.max(next, elapsed())
    const left = () => mine - elapsed()
    if (left() > longestMs) return false
    next = mine + 1_000 / perSecond
    while (left() > 0 && timeFor(1)) await wait(Math.min(left(), sliceMs))
    return timeFor(1)
  }
}
