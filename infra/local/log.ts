import * as z from 'zod'
import { payoutSchema } from '../../shared/ledger/schemas.ts'

/** What a function says of a payout whose journal it has added to. */
const settled = z.object({
  participantId: z.string(),
  payout: payoutSchema,
  partner: z.string(),
  state: z.string(),
})
export type Settled = z.infer<typeof settled>

/** Write units of one invocation: whose, of which payout or of its `facts`, and how many. */
export const charge = z.tuple([z.string(), z.string(), z.number()])
export type Charge = z.infer<typeof charge>
const charged = z.object({ charges: z.array(charge) })

export type LogListeners = {
  settled?(payout: Settled): void
  charged?(charge: Charge): void
  /** A failure of ours or of AWS, as the function wrote it. */
  failed?(functionName: string, message: string): void
}

const failure = z.looseObject({
  message: z.string(),
  error: z.object({ message: z.string() }).optional(),
})

/** Reads the functions' JSON log. Most lines are nobody's here, so a line is parsed only when it has the words. */
export function createLogReader(listeners: LogListeners): (functionName: string, line: string) => void {
  return (functionName, line) => {
    if (line.includes('"message":"payout settled"')) {
      if (listeners.settled) listeners.settled(settled.parse(JSON.parse(line)))
    } else if (line.includes('"message":"write units"')) {
      for (const charge of charged.parse(JSON.parse(line)).charges) listeners.charged?.(charge)
    } else if (line.includes('"level":"ERROR"')) {
      const { message, error } = failure.parse(JSON.parse(line))
      listeners.failed?.(functionName, error ? `${message}: ${error.message}` : message)
    }
  }
}
