import * as z from 'zod'
import { parseInstant } from '../shared/domain/instant.ts'

/** What the schedule sends: its own time, `2020-09-18T03:00:00Z`. */
export const tickSchema = z.object({
  now: z.string().transform((text, context) => {
    const at = parseInstant(text)
    if (at) return at
    context.addIssue({ code: 'custom', message: 'is not an instant' })
    return z.NEVER
  }),
})
