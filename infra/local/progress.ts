import { instant, jakartaDate } from '../../shared/domain/instant.ts'
import { formatRupiah } from '../../shared/domain/rupiah.ts'
import { amountOf, schemeNamed } from '../../shared/domain/scheme.ts'
import type { Settled } from './log.ts'
import { type Programme, stage } from './programme.ts'
import type { FeedProgress } from './run.ts'
import { count, table } from './text.ts'

/** A few lines at the bottom of a terminal that show how far a run has come. */
export type Progress = {
  /** A payout has changed, as a function's log says. */
  note(settled: Settled): void
  /** Draws from now on. */
  watch(programme: Programme, feed: FeedProgress): void
  /** Takes the lines away. */
  end(): void
}

const scheme = schemeNamed(stage.scheme)
const redrawMs = 250
const inQuestion: ReadonlySet<string> = new Set(['sending', 'pending', 'unknown'])

type Lane = { due: number; paid: number; failed: number; unknown: number; rupiah: number }

export function createProgress(terminal: { write(text: string): void }): Progress {
  /** The last word on every payout that has been tried, in its lane. */
  const known = new Map<string, Settled>()
  let timer: NodeJS.Timeout | undefined
  let drawn = 0

  const erase = () => {
    if (drawn > 0) terminal.write(`\x1b[${drawn}A\x1b[J`)
    drawn = 0
  }
  const draw = (lines: readonly string[]) => {
    erase()
    terminal.write(lines.map((line) => `${line}\n`).join(''))
    drawn = lines.length
  }

  draw(['Starting the local stack'])
  return {
    note(settled) {
      known.set(`${settled.participantId} ${settled.payout}`, settled)
    },
    watch({ stack, partners }, feed) {
      timer = setInterval(() => {
        const depths = Object.entries(stack.queueDepths())
        const rows = [...partners.keys()].map((partner) => {
          const [, depth] = depths.find(([queue]) => queue.endsWith(`-pay-${partner}`)) ?? []
          const waiting = (depth?.visible ?? 0) + (depth?.inFlight ?? 0)
          return rowOf(partner, laneOf(known.values(), partner), waiting)
        })
        const today = jakartaDate(instant(stack.clock.now()))
        const head = `${today} · ${count(feed.published)} of ${count(feed.total)} events`
        draw([head, ...table([titles, ...rows], ['left', 'right', 'right', 'right', 'right', 'right'])])
      }, redrawMs)
    },
    end() {
      clearInterval(timer)
      erase()
    },
  }
}

const titles = ['', 'due', 'paid', 'failed', 'unknown', 'rupiah paid']

const rowOf = (partner: string, { due, paid, failed, unknown, rupiah }: Lane, waiting: number): string[] => [
  partner,
  ...[due + waiting, paid, failed, unknown].map(count),
  formatRupiah(rupiah),
]

function laneOf(known: Iterable<Settled>, partner: string): Lane {
  const lane: Lane = { due: 0, paid: 0, failed: 0, unknown: 0, rupiah: 0 }
  for (const settled of known) {
    if (settled.partner !== partner) continue
    lane.due += 1
    if (settled.state === 'failed') lane.failed += 1
    if (inQuestion.has(settled.state)) lane.unknown += 1
    if (settled.state !== 'paid') continue
    lane.paid += 1
    lane.rupiah += amountOf(scheme, settled.payout)
  }
  return lane
}
