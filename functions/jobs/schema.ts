import * as z from 'zod'

/** There is work to do on that job, or on that repair. How far it has come, it says itself. */
export const jobMessage = z.union([z.object({ jobId: z.string() }), z.object({ repairId: z.string() })])
