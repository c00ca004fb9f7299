import * as z from 'zod'

/** There is work to do on that job. How far it has come, the job itself says. */
export const jobMessage = z.object({ jobId: z.string() })
