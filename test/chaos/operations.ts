import {
  ProvisionedThroughputExceededException,
  TransactionCanceledException,
  TransactionConflictException,
} from '@aws-sdk/client-dynamodb'
import { RequestThrottled } from '@aws-sdk/client-sqs'
import type { HttpResult } from '../../shared/partners/snap/http.ts'
import type { Clock } from './clock.ts'
import type { Fault, Nature } from './faults.ts'
import { createMixUps } from './mix-ups.ts'

/** One invocation of a function. */
export type Worker = {
  readonly id: number
  /** `pay`, `inquire`, … */
  readonly functionName: string
  /** Its lane, where it has one. */
  readonly lane?: string
  /** Epoch milliseconds. */
  readonly startedAt: number
  /** When its time is over, as far as it knows. */
  readonly endsAt: number
  /** Nobody stops its machine then: it was frozen, and wakes up again. */
  readonly unstoppable: boolean
  readonly clock: Clock
  alive: boolean
  /** It was told of a list as it had been before. */
  misled: boolean
  /** Something has gone wrong for it. */
  disturbed: boolean
  /** Failures of ours that it has told its log of. */
  failures: number
  /** A partner has told it of another transfer than it had asked about. */
  misinformed: boolean
}

/** As it begins. */
export const newWorker = (
  begun: Omit<Worker, 'alive' | 'misled' | 'disturbed' | 'failures' | 'misinformed'>,
): Worker => ({
  ...begun,
  alive: true,
  misled: false,
  disturbed: false,
  failures: 0,
  misinformed: false,
})

/** Something that a worker wants to do to the world and that waits for its turn. */
export type Operation = {
  readonly worker: Worker
  readonly nature: Nature
  /** What is done, in a few words that do not vary with who it is done for: `append claimed`. */
  readonly point: string
  /** Whom it is about, as far as the request says: `P-3 incentive-1`. */
  readonly subject: string
  /** Does it, with this fault. */
  proceed(fault: Fault | undefined): void
}

export type Operations = {
  readonly waiting: Operation[]
  /** Those whose turn comes only then, in epoch milliseconds. */
  readonly asleep: Map<Operation, number>
  /** An operation on data, which is one step: it happens as a whole, or not at all. */
  wait<Result>(
    about: Pick<Operation, 'worker' | 'nature' | 'point' | 'subject'>,
    act: Act<Result>,
  ): Promise<Result>
  /** A request to a partner, which answers within the same step. */
  call(
    about: Pick<Operation, 'worker' | 'point' | 'subject'>,
    deliver: () => Promise<HttpResult>,
  ): Promise<HttpResult>
  /** So many milliseconds go by. */
  sleep(worker: Worker, milliseconds: number): Promise<void>
  /** The worker is gone: nothing that it waits for ever happens. */
  kill(worker: Worker): void
  /** The operation on data that went on last has ended: on an engine, that takes its time. Absent: it has. */
  ended(): Promise<void> | undefined
}

/** How what is done goes wrong while it is done. */
type Twist = {
  /** Index writes that the answer does not know. */
  readonly staleBy: number
  /** One message of a batch is not taken. */
  readonly refusing: boolean
}
type Act<Result> = (twist: Twist) => Result | Promise<Result>
const asMeant: Twist = { staleBy: 0, refusing: false }

/** Index writes that a stale answer does not know. */
const staleBy = 6

/** In the message of every error that is drawn. */
export const drawn = 'drawn by the simulator'
const answered = { message: drawn, $metadata: {} }
/** What release says, word by word, of a message that the queue has not taken. */
const refusal = "the lane's queue refused a message: "
/** Whether an error is one that the simulator has put in a worker's way. */
export const isDrawn = (error: unknown): boolean =>
  error instanceof Error && (error.message.startsWith(drawn) || error.message === `${refusal}${drawn}`)
const conflictOf = (nature: Nature) =>
  nature === 'transaction'
    ? new TransactionCanceledException({
        ...answered,
        CancellationReasons: [{ Code: 'TransactionConflict' }],
      })
    : new TransactionConflictException(answered)
const throttledBy = (nature: Nature) =>
  nature === 'queue' || nature === 'depth'
    ? new RequestThrottled(answered)
    : new ProvisionedThroughputExceededException(answered)

/** `time`: in epoch milliseconds. */
export function createOperations(time: () => number): Operations {
  const waiting: Operation[] = []
  const asleep = new Map<Operation, number>()
  let last: Promise<void> | undefined
  const mixUps = createMixUps()

  function kill(worker: Worker): void {
    worker.alive = false
    const left = waiting.filter((operation) => operation.worker !== worker)
    for (const operation of waiting) if (operation.worker === worker) asleep.delete(operation)
    waiting.splice(0, waiting.length, ...left)
  }

  return {
    waiting,
    asleep,
    kill,
    ended: () => last,
    wait: (about, act) =>
      new Promise((resolve, reject) => {
        if (!about.worker.alive) return
        const proceed = (fault: Fault | undefined) => {
          if (fault) about.worker.disturbed = true
          if (fault === 'crash-before') return kill(about.worker)
          if (fault === 'stale-index') about.worker.misled = true
          const die = fault === 'crash-after' ? () => kill(about.worker) : undefined
          const [settle, fail] = [die ?? resolve, die ?? reject]
          if (fault) last = actWith(fault, about.nature, act).then(settle, fail)
          else last = actAtOnce(act, settle, fail)
        }
        waiting.push({ ...about, proceed })
      }),
    call: (about, deliver) =>
      new Promise((resolve, reject) => {
        if (!about.worker.alive) return
        const proceed = (fault: Fault | undefined) => {
          if (fault) about.worker.disturbed = true
          if (fault === 'crash-before') return kill(about.worker)
          if (fault === 'partner-unreachable') return resolve({ result: 'not-connected' })
          if (fault === 'partner-request-lost') return resolve({ result: 'connection-lost' })
          if (fault === 'partner-mixed-up') {
            about.worker.misinformed = true
            return resolve(mixUps.instead(about))
          }
          if (fault === 'crash-after') kill(about.worker)
          deliver().then((answer) => {
            mixUps.remember(about, answer)
            if (fault === 'crash-after') return
            resolve(heard(answer, fault))
          }, reject)
        }
        waiting.push({ ...about, nature: 'partner', proceed })
      }),
    sleep: (worker, milliseconds) =>
      new Promise((resolve) => {
        if (!worker.alive) return
        const proceed = (fault: Fault | undefined) => (fault ? kill(worker) : resolve())
        const operation = { worker, nature: 'timer', point: 'wait', subject: '', proceed } as const
        asleep.set(operation, time() + milliseconds)
        waiting.push(operation)
      }),
  }
}

/** What arrives of an answer. */
function heard(answer: HttpResult, fault: Fault | undefined): HttpResult {
  if (fault === 'partner-answer-lost') return { result: 'connection-lost' }
  if (fault === 'partner-timeout') return { result: 'timeout' }
  if (fault === 'partner-gateway')
    return { result: 'answered', status: 502, body: '<html>Bad Gateway</html>' }
  if (fault !== 'partner-truncated' || answer.result !== 'answered') return answer
  return { ...answer, body: answer.body.slice(0, answer.body.length / 2) }
}

/** Most operations, in memory: without a promise, of which every one costs as much as a read. */
function actAtOnce<Result>(
  act: Act<Result>,
  settle: (result: Result) => void,
  fail: (error: unknown) => void,
): Promise<void> | undefined {
  try {
    const result = act(asMeant)
    if (result instanceof Promise) return result.then(settle, fail)
    settle(result)
  } catch (error) {
    fail(error)
  }
  return undefined
}

async function actWith<Result>(fault: Fault, nature: Nature, act: Act<Result>): Promise<Result> {
  if (fault === 'throttled') throw throttledBy(nature)
  if (fault === 'secret-unreadable') throw new Error(drawn)
  if (fault === 'conflict') throw conflictOf(nature)
  if (fault === 'gave-up') {
    await act(asMeant)
    throw new Error(`${drawn}: socket hang up`)
  }
  if (fault === 'answer-lost') await attempted(() => act(asMeant))
  return act({
    staleBy: fault === 'stale-index' ? staleBy : 0,
    refusing: fault === 'message-refused',
  })
}

async function attempted(act: () => unknown): Promise<void> {
  try {
    await act()
  } catch {
    // Its answer is lost, whatever it was.
  }
}
