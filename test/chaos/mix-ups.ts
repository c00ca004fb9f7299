import * as z from 'zod'
import { parseJson } from '../../shared/json.ts'
import type { HttpResult } from '../../shared/partners/snap/http.ts'
import type { Operation } from './operations.ts'

type About = Pick<Operation, 'worker' | 'point' | 'subject'>
type Said = { readonly subject: string; readonly status: number; readonly fields: z.infer<typeof answer> }

const answer = z.looseObject({
  originalPartnerReferenceNo: z.string().optional(),
  amount: z.object({ value: z.string() }).optional(),
})

/** Answers that a partner gives about the wrong transfer: what it has said about another one. */
export type MixUps = {
  remember(about: About, result: HttpResult): void
  /** With the reference that was asked for, where the amount still tells that it is another transfer. */
  instead(about: About): HttpResult
}

export function createMixUps(): MixUps {
  const said = new Map<string, readonly Said[]>()
  const nameOf = ({ worker, point }: About) => `${worker.lane} ${point}`
  const kindOf = (reference: string) => /-([IS])\d-A\d+$/.exec(reference)?.[1]
  return {
    remember(about, result) {
      if (result.result !== 'answered' || about.subject === '') return
      const parsed = answer.safeParse(parseJson(result.body))
      if (!parsed.success) return
      const others = (said.get(nameOf(about)) ?? []).filter(({ subject }) => subject !== about.subject)
      const now = { subject: about.subject, status: result.status, fields: parsed.data }
      said.set(nameOf(about), [...others, now].slice(-10))
    },
    instead(about) {
      const others = (said.get(nameOf(about)) ?? []).filter(({ subject }) => subject !== about.subject)
      const different = others.findLast(
        ({ subject, fields }) => fields.amount !== undefined && kindOf(subject) !== kindOf(about.subject),
      )
      const other = different ?? others.at(-1)
      if (!other) return { result: 'connection-lost' }
      const echoed = different?.fields.originalPartnerReferenceNo !== undefined
      const fields = { ...other.fields, ...(echoed && { originalPartnerReferenceNo: about.subject }) }
      return { result: 'answered', status: other.status, body: JSON.stringify(fields) }
    },
  }
}
