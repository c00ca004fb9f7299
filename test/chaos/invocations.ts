import type { PartnerName } from '../../shared/partners/registry.ts'
import { drawClock } from './clock.ts'
import type { Environment } from './environments.ts'
import { newWorker, type Operations, type Worker } from './operations.ts'
import type { Random } from './random.ts'

/** A function's machines: each has a handler of its own, and serves one invocation at a time. */
export type Pool<Handler> = {
  readonly name: string
  readonly lane?: PartnerName
  /** How long an invocation may take. */
  readonly seconds: number
  readonly install: (environment: Environment) => Handler
  readonly idle: Machine<Handler>[]
  busy: number
}
type Machine<Handler> = { readonly environment: Environment; readonly handler: Handler }

/** How Lambda serves: on an idle machine or a new one, and for so long at the most. */
export type Invocations = {
  /** Serves one invocation. A machine that dies, or whose time is over, takes its environment with it. `isHeard`: whether
   *  somebody waits for the answer still. */
  invoke<Handler>(
    pool: Pool<Handler>,
    serve: (handler: Handler, worker: Worker, isHeard: () => boolean) => Promise<void>,
    afterwards: () => void,
  ): void
  /** Whether some are under way. */
  busy(): boolean
  /** Ends what has run out of time, or gives it up. */
  stopLate(): void
  /** Epoch milliseconds at which the next one runs out of time; `Infinity` without one. */
  nextEnd(): number
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
  seconds: number,
  install: (environment: Environment) => Handler,
  lane?: PartnerName,
): Pool<Handler> => ({ name, ...(lane && { lane }), seconds, install, idle: [], busy: 0 })

export function createInvocations(options: Options): Invocations {
  const { misfortune, time, operations, open, chances, failed, began, stopped } = options
  let workers = 0
  const running = new Map<Worker, { busy: number }>()
  /** Whom nobody has stopped, though their time is over: nobody waits for their answers, nor gives them anything to do. */
  const abandoned = new Set<Worker>()

  function begin({ name, lane, seconds }: Pick<Pool<unknown>, 'name' | 'lane' | 'seconds'>): Worker {
    workers += 1
    const { skewRate, zombieRate } = chances()
    const worker = newWorker({
      id: workers,
      functionName: name,
      ...(lane && { lane }),
      startedAt: time(),
      endsAt: time() + seconds * 1000,
      unstoppable: misfortune.chance(zombieRate),
      clock: drawClock(time, misfortune, skewRate),
    })
    began(worker)
    return worker
  }

  function start<Handler>({ install, lane }: Pool<Handler>): Machine<Handler> {
    const environment = open(lane)
    return { environment, handler: install(environment) }
  }

  return {
    invoke(pool, serve, afterwards) {
      const machine = pool.idle.pop() ?? start(pool)
      const worker = begin(pool)
      machine.environment.worker = worker
      pool.busy += 1
      running.set(worker, pool)
      const isHeard = () => running.has(worker) && worker.alive && time() < worker.endsAt
      const end = () => {
        abandoned.delete(worker)
        const inTime = isHeard()
        if (!running.delete(worker)) return
        pool.busy -= 1
        if (!inTime) return stopped(worker)
        machine.environment.worker = undefined
        pool.idle.push(machine)
        afterwards()
      }
      serve(machine.handler, worker, isHeard).then(end, (error: unknown) => {
        failed(worker, error)
        end()
      })
    },
    busy: () => running.size + abandoned.size > 0,
    stopLate() {
      for (const [worker, pool] of running) {
        if (worker.alive && worker.endsAt > time()) continue
        running.delete(worker)
        pool.busy -= 1
        if (worker.alive) stopped(worker)
        if (worker.alive && worker.unstoppable) abandoned.add(worker)
        else operations.kill(worker)
      }
      for (const worker of abandoned) if (!worker.alive) abandoned.delete(worker)
    },
    nextEnd: () => Math.min(...[...running.keys()].map(({ endsAt }) => endsAt)),
  }
}
