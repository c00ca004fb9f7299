import type { Instant } from '../domain/instant.ts'

/** What is kept of the commands that people send, so that the same command again is carried out once. */
export type Requests = {
  /**
   * Takes in a POST under the caller's own key. `again`: the same body was taken in before, first at `at`; `answer` is
   * there once it was answered, and without it the work goes on where it was left. `other-body`: the key is taken.
   */
  accept(request: {
    readonly person: string
    readonly key: string
    readonly bodyHash: string
    readonly at: Instant
  }): Promise<'new' | 'other-body' | { readonly again: true; readonly at: Instant; readonly answer?: string }>
  /** Keeps the answer, JSON; the first stays. */
  answer(person: string, key: string, answer: string): Promise<void>
}
