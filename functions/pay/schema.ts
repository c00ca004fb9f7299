import * as z from 'zod'
import { payoutSchema } from '../../shared/ledger/schemas.ts'

/** What a lane's queue carries: ids, and nothing else. */
export const payMessage = z.object({ participantId: z.string(), payout: payoutSchema })
export type PayMessage = z.infer<typeof payMessage>
