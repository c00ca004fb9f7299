import { isStopped, type Session, type Stopped } from '../command/verb.ts'

/** Staying with what goes on after its command: a retry's job, a repair of the books. */

type LongWork<Work> = {
  /** What it is called to people, with its id. */
  readonly name: string
  /** Moments of the session that are waited at most. */
  readonly momentsMax: number
  readonly progressOf: (work: Work) => string
  /** How far it has come now. */
  readonly ask: () => Promise<Work | Stopped>
}

/** The work once it has ended, if the session stays with it; as it is then, if it takes too long. */
export async function untilEnded<Work extends { readonly state: string }>(
  started: Work,
  session: Session,
  { name, momentsMax, progressOf, ask }: LongWork<Work>,
): Promise<Work | Stopped> {
  let last = started
  for (let moments = 0; session.stays && last.state === 'running' && moments < momentsMax; moments++) {
    session.progress(progressOf(last))
    await session.pass()
    const next = await ask()
    if (isStopped(next)) {
      session.say(`The ${name} was started, whatever has become of it since`)
      return next
    }
    last = next
  }
  return last
}
