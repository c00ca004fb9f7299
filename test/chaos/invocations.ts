import type { PartnerName } from '../../shared/partners/registry.ts'
import { drawClock } from './clock.ts'
import type { Environment } from './environments.ts'
import type { Operations, Worker } from './operations.ts'
import type { Random } from './random.ts'

/** A function's machines: each has a handler of its own, and serves one invocation at a time. */
export type Pool<Handler> = {
  readonly name: string
  readonly lane?: PartnerName
  readonly install: (environment: Environment) => Handler
  readonly idle: Machine<Handler>[]
  busy: number
}
type Machine<Handler> = { readonly environment: Environment; readonly handler: Handler }

/** How Lambda serves: on an idle machine or a new one, and for so long at the most. */
export type Invocations = {
  /** Serves one invocation, for so many seconds at the most; a machine that dies takes its environment with it. */
  invoke<Handler>(
    pool: Pool<Handler>,
    seconds: number,
    serve: (handler: Handler, worker: Worker) => Promise<void>,
    afterwards: () => void,
  ): void
  /** Whether some are under way. */
  busy(): boolean
  /** Ends what has run out of time. */
  stopLate(): void
}

type Options = {
  /** Draws what goes wrong. */
  readonly misfortune: Random
  /** Epoch milliseconds. */
  readonly time: () => number
  readonly operations: Operations
  readonly open: (lane?: PartnerName) => Environment
  /** How often a clock is wrong, and a machine is not stopped in time. */
  readonly chances: () => { readonly skewRate: number; readonly zombieRate: number }
  readonly failed: (worker: Worker, error: unknown) => void
  readonly began: (worker: Worker) => void
  /** Its time was over. */
  readonly stopped: (worker: Worker) => void
}

export const createPool = <Handler>(
  name: string,
  install: (environment: Environment) => Handler,
  lane?: PartnerName,
): Pool<Handler> => ({ name, ...(lane && { lane }), install, idle: [], busy: 0 })

export function createInvocations(options: Options): Invocations {
  const { misfortune, time, operations, open, chances, failed, began, stopped } = options
  let workers = 0
  const running = new Map<Worker, { busy: number }>()

  function newWorker({ name, lane }: Pick<Pool<unknown>, 'name' | 'lane'>, seconds: number): Worker {
    workers += 1
    const { skewRate, zombieRate } = chances()
    const worker = {
      id: workers,
      functionName: name,
      ...(lane && { lane }),
      startedAt: time(),
      endsAt: time() + seconds * 1000,
      unstoppable: misfortune.chance(zombieRate),
      clock: drawClock(time, misfortune, skewRate),
      alive: true,
      misled: false,
      disturbed: false,
      failures: 0,
      misinformed: false,
    }
    began(worker)
    return worker
  }

  function start<Handler>({ install, lane }: Pool<Handler>): Machine<Handler> {
    const environment = open(lane)
    return { environment, handler: install(environment) }
  }

  return {
    invoke(pool, seconds, serve, afterwards) {
      const machine = pool.idle.pop() ?? start(pool)
      const worker = newWorker(pool, seconds)
      machine.environment.worker = worker
      pool.busy += 1
      running.set(worker, pool)
      const end = () => {
        if (!running.delete(worker)) return
        machine.environment.worker = undefined
        pool.busy -= 1
        pool.idle.push(machine)
        afterwards()
      }
      serve(machine.handler, worker).then(end, (error: unknown) => {
        failed(worker, error)
        end()
      })
    },
    busy: () => running.size > 0,
    stopLate() {
      for (const [worker, pool] of running) {
        if (worker.alive && (worker.unstoppable || worker.endsAt > time())) continue
        if (worker.alive) stopped(worker)
        operations.kill(worker)
        running.delete(worker)
        pool.busy -= 1
      }
    },
  }
}
