import type * as z from 'zod'
import type { Role } from './roles.ts'

/** One route of an API: the source of its infrastructure, its roles' policies, its document and its command line. */
export type Route = {
  readonly method: 'GET' | 'POST'
  /** As API Gateway writes it: `/payouts/{participantId}`. */
  readonly path: string
  readonly role: Role
  readonly summary: string
  readonly parameters?: z.ZodObject
  readonly query?: z.ZodObject
  readonly body?: z.ZodType
  readonly answer: z.ZodType
}
export type Routes = Readonly<Record<string, Route>>
