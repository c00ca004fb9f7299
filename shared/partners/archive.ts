import { gzipSync } from 'node:zlib'
import { type Instant, jakartaDate } from '../domain/instant.ts'
import type { Exchanged } from './snap/exchange.ts'
import { type Masked, mask, referenceIn } from './snap/mask.ts'
import { sha256 } from './snap/signature.ts'

/** One line of the archive. */
export type Line = {
  readonly at: Instant
  readonly partner: string
  /** The service's code: `17` is a bank's transfer. */
  readonly service: string
  /** The attempt's, or the question's own where it is about none. */
  readonly partnerReferenceNo?: string
  readonly externalId: string
  /** `answered`, or why there is no answer. */
  readonly result: Exchanged['answer']['result']
  readonly http?: number
  /** The answer's `responseCode`. */
  readonly code?: string | number
  readonly milliseconds: number
  /** Lower-case hex sha256 of the request's body, as the journal has it for a transfer. */
  readonly bodyHash: string
  readonly request: Masked
  /** Absent when the answer is none, or not a JSON object. */
  readonly answer?: Masked
}

/** Puts an object, and is done with it after so many milliseconds at the latest. Rejects when it could not. */
export type Put = (key: string, body: Uint8Array, withinMs: number) => Promise<void>

/** What was said to a partner and what it answered, kept without what is personal. */
export type Archive = {
  /** Remembers one exchange, for `keep`. Never throws. */
  note(exchanged: Exchanged): void
  /**
   * Writes what was noted since the last time, as one gzipped object of a line each: `exchanges/gopay/2020-09-18/<name>.ndjson.gz`.
   * Never rejects. `failed`: some of it is not kept, and why.
   */
  keep(name: string, withinMs: number): Promise<'kept' | 'nothing' | { readonly failed: unknown }>
}

function lineOf(partner: string, exchanged: Exchanged): Line {
  const { at, service, externalId, body, answer, milliseconds } = exchanged
  const reference = referenceIn(body)
  const masked = answer.result === 'answered' ? mask(answer.body, reference) : undefined
  const code = masked?.responseCode
  return {
    at,
    partner,
    service: service.code,
    ...(reference !== undefined && { partnerReferenceNo: reference }),
    externalId,
    result: answer.result,
    ...(answer.result === 'answered' && { http: answer.status }),
    ...((typeof code === 'string' || typeof code === 'number') && { code }),
    milliseconds,
    bodyHash: sha256(body),
    request: mask(body, reference) ?? {},
    ...(masked && { answer: masked }),
  }
}

/** Of one partner, for one invocation at a time. */
export function createArchive(partner: string, put: Put): Archive {
  let lines: Line[] = []
  let lost: unknown
  return {
    note(exchanged) {
      try {
        lines.push(lineOf(partner, exchanged))
      } catch (error) {
        lost = error
      }
    },
    async keep(name, withinMs) {
      const [kept, failed] = [lines, lost]
      lines = []
      lost = undefined
      const first = kept[0]
      try {
        if (first) {
          const text = kept.map((line) => `${JSON.stringify(line)}\n`).join('')
          await put(
            `exchanges/${partner}/${jakartaDate(first.at)}/${name}.ndjson.gz`,
            gzipSync(text),
            withinMs,
          )
        }
      } catch (error) {
        return { failed: error }
      }
      if (failed !== undefined) return { failed }
      return first ? 'kept' : 'nothing'
    },
  }
}
