import type { PauseReason } from '../../shared/domain/pause.ts'
import type { MetricName } from '../../shared/runtime/metrics.ts'
import type { HandlerProps } from '../function.ts'
import type { Stage } from '../stages.ts'
import type { Band } from './combined.ts'

/** What an alarm looks at. One rule makes an alarm for each partner, queue, function or schedule that it speaks of. */
export type Watched =
  /** What the functions in these folders count, of the whole stage or of each partner. */
  | {
      readonly of: 'stage' | 'partner'
      readonly metric: MetricName
      readonly countedBy: readonly HandlerProps['folder'][]
      /** Of the metric `LanePaused`. */
      readonly reason?: PauseReason
    }
  /** 1 for each partner of whose payouts too few, or too many, of those that were released have been paid. */
  | { readonly of: 'paid-rate'; readonly band: Band }
  /** Rupiah that all partners together have paid. */
  | { readonly of: 'spending' }
  /** Messages that wait, or seconds that the oldest has waited, in each queue whose name after the stage's matches. */
  | { readonly of: 'queue'; readonly named: RegExp; readonly figure: 'messages' | 'age' }
  /** Of every function, of those in one folder, or of those in every folder but one. */
  | {
      readonly of: 'function'
      readonly figure: 'Errors' | 'Throttles'
      readonly folder?: HandlerProps['folder']
      readonly except?: HandlerProps['folder']
    }
  /** Runs of each function that is called every so many minutes, which are its period then, or of each that is called daily. */
  | { readonly of: 'schedule'; readonly called: 'every-minutes' }
  | { readonly of: 'schedule'; readonly called: 'daily'; readonly folder: HandlerProps['folder'] }
  /** Milliseconds by which the function in this folder, which follows the journal's stream, is behind. */
  | { readonly of: 'stream'; readonly folder: HandlerProps['folder'] }
  /** Requests that a table or an index has refused for its load. */
  | { readonly of: 'table' }
  /** Answers of the operations API that are our fault. */
  | { readonly of: 'api' }

/** When an operator is woken, and why then. */
export type AlarmRule = {
  readonly watched: Watched
  /** The sum, or for ages and messages the maximum, of each of so many periods in a row. */
  readonly condition: {
    readonly is: 'at-least' | 'below'
    readonly threshold: number | ((stage: Stage) => number)
    readonly minutes: number
    readonly periods: number
  }
  /** What a period without any figure is. Counts are only written when there is something to count. */
  readonly silence: 'well' | 'alarming'
  /** Why at this threshold, and not sooner or later. */
  readonly because: string
}

/** What a file of this folder makes: rules by name, in the order of the runbook's articles. */
export type NamedRules = readonly (readonly [name: string, rule: AlarmRule])[]

export const once = { is: 'at-least', threshold: 1, minutes: 1, periods: 1 } as const
/** For what is done once a day: an hour keeps several failures of one run together. */
export const onceInAnHour = { is: 'at-least', threshold: 1, minutes: 60, periods: 1 } as const
export const oneMessage = { is: 'at-least', threshold: 1, minutes: 5, periods: 1 } as const
const inFiveMinutes = (threshold: number) => ({ is: 'at-least', threshold, minutes: 5, periods: 1 }) as const
export const waitedSeconds = (seconds: number) => inFiveMinutes(seconds)
export const behindMilliseconds = (milliseconds: number) => inFiveMinutes(milliseconds)
export const inAQuarter = (threshold: number) =>
  ({ is: 'at-least', threshold, minutes: 15, periods: 1 }) as const
