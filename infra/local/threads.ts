import { createThread, type Thread, type ThreadOptions } from './thread.ts'

export type ThreadsOptions = Omit<ThreadOptions, 'resourceLimits'> & {
  /** How many threads all environments share. Absent: every environment has a thread of its own. */
  readonly threads?: number | undefined
}

/** Small heaps: a stack has some fifteen of these threads. Lambda's own memory limit is far higher. */
const ownLimits = { maxOldGenerationSizeMb: 48, maxYoungGenerationSizeMb: 4 }
/**
 * Room for the environments of a whole stack, and for the young objects of several invocations at once. Some 50 MB of the old
 * generation are used: the lower its limit, the sooner V8 looks through all of it again.
 */
const sharedLimits = { maxOldGenerationSizeMb: 1024, maxYoungGenerationSizeMb: 16 }

/**
 * Finds the next environment of a bundle a thread: a new one, or of the shared ones that which has the fewest of the
 * same bundle, then the fewest of all. What runs the same code is mostly busy at the same time.
 */
export function createThreads({ threads: most, ...options }: ThreadsOptions): (file: string) => Thread {
  if (most === undefined) return () => createThread({ ...options, resourceLimits: ownLimits })
  /** The bundle of every environment in a thread. */
  const shared = new Map<Thread, string[]>()
  return (file) => {
    for (const thread of shared.keys()) if (!thread.alive()) shared.delete(thread)
    const same = (files: readonly string[]) => files.filter((each) => each === file).length
    const [least] = [...shared].toSorted(([, a], [, b]) => same(a) - same(b) || a.length - b.length)
    const thread =
      least === undefined || shared.size < most
        ? createThread({ ...options, resourceLimits: sharedLimits })
        : least[0]
    shared.set(thread, [...(shared.get(thread) ?? []), file])
    return thread
  }
}
