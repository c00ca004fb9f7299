import type * as z from 'zod'
import type { runsAnswer } from '../../shared/finance/break-schemas.ts'
import { financeRoutes as routes } from '../../shared/finance/routes.ts'
import { exitCodes } from '../command/exit-codes.ts'
import { isStopped, type Session, type Stopped } from '../command/verb.ts'
import type { StatementOnDisk } from './statements.ts'

/** Puts statements where they are reconciled, one after the other, and waits for what becomes of each. */

type Runs = z.output<typeof runsAnswer>
export type HandedIn = {
  readonly partner: string
  readonly day: string
  readonly arrival: Runs['arrivals'][number]
  /** The day's last run; absent where none of its statements could be used yet. */
  readonly run?: Runs['runs'][number]
}

/** Moments that one statement may take: the function that reconciles it is given 15 minutes. */
const momentsMax = 1_200

const arrivalIn = ({ arrivals }: Runs, { partner, day }: StatementOnDisk) =>
  arrivals.find((arrival) => arrival.partner === partner && arrival.day === day)

/** Waits until the function has taken the statement that was given after `before` was its day's last. */
async function waitFor(
  session: Session,
  statement: StatementOnDisk,
  before: string | undefined,
): Promise<HandedIn | Stopped | undefined> {
  const { partner, day } = statement
  for (let moments = 0; moments < momentsMax; moments++) {
    await session.pass()
    const answer = await session.ask(routes.runs, { query: { partner, from: day, to: day } })
    if (isStopped(answer)) return answer
    const arrival = arrivalIn(answer, statement)
    const [run] = answer.runs
    if (arrival && arrival.invocation !== before) return { partner, day, arrival, ...(run && { run }) }
  }
  return undefined
}

/** `before`: what was known of their days when it began. Ends at the first of which nothing is heard. */
export async function handIn(
  session: Session,
  statements: readonly StatementOnDisk[],
  before: Runs,
): Promise<readonly HandedIn[] | Stopped> {
  const done: HandedIn[] = []
  for (const [index, statement] of statements.entries()) {
    const { partner, day, key, path } = statement
    session.progress(`${partner} ${day}: statement ${index + 1} of ${statements.length}`)
    const stopped = await session.deliver(key, path)
    if (stopped) return stopped
    const handedIn = await waitFor(session, statement, arrivalIn(before, statement)?.invocation)
    if (handedIn === undefined) {
      session.say(`Nothing came of the statement of ${partner} of ${day}: look at the log of reconcile`)
      return { stopped: exitCodes.refused }
    }
    if (isStopped(handedIn)) return handedIn
    done.push(handedIn)
  }
  return done
}
