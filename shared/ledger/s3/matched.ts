import { gunzipSync } from 'node:zlib'
import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3'
import { type CivilDate, civilDate, plusDays } from '../../domain/instant.ts'
import {
  type Matched,
  type MatchedLine,
  type MatchedLines,
  matchedDaysMax,
  matchedPartOf,
  matchedSchema,
} from '../../reconciliation/matched.ts'
import { type Reconciliations, type Run, resultKey } from '../../reconciliation/register.ts'

/** Objects asked for at once. */
const sideBySide = 8

/** The matched lines that runs have left in the bucket of statements; the register knows the last run of each day. */
export function openMatchedLines(
  client: S3Client,
  bucket: string,
  reconciliations: Pick<Reconciliations, 'runs'>,
): MatchedLines {
  async function linesOf(run: Run, partnerReferenceNo: string): Promise<readonly Matched[]> {
    const part = matchedPartOf(partnerReferenceNo)
    if (!run.matched.includes(part)) return []
    const Key = resultKey(run.results, part)
    const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key }))
    if (!Body) throw new Error(`${Key} has no content`)
    return gunzipSync(await Body.transformToByteArray())
      .toString()
      .split('\n')
      .filter((line) => line.includes(partnerReferenceNo))
      .map((line) => matchedSchema.parse(JSON.parse(line)))
      .filter((matched) => matched.partnerReferenceNo === partnerReferenceNo)
  }

  /** The object that has a line: its day's, which may be before the days that were asked for. */
  async function fileOf(partner: string, day: CivilDate, runs: readonly Run[]): Promise<string> {
    const known =
      runs.find((run) => run.day === day) ?? (await reconciliations.runs(partner, day, day)).at(-1)
    if (!known) throw new Error(`no run is known of the day ${day}, of which a line of ${partner} is matched`)
    return known.statement
  }

  return {
    async matchedLinesOf(partner, partnerReferenceNo, { from, to }) {
      if (to > plusDays(from, matchedDaysMax))
        throw new Error(`${from} to ${to} are too many days to look at`)
      const runs = await reconciliations.runs(partner, from, to)
      const lines: MatchedLine[] = []
      for (let start = 0; start < runs.length; start += sideBySide) {
        const some = runs.slice(start, start + sideBySide)
        const found = await Promise.all(some.map((run) => linesOf(run, partnerReferenceNo)))
        for (const { line, day: valueDay, direction, amount, movement } of found.flat()) {
          const [day = '', number] = line.split('/')
          const statementDay = civilDate(day)
          lines.push({
            partner,
            statementDay,
            file: await fileOf(partner, statementDay, runs),
            line: Number(number),
            direction,
            amount,
            valueDay,
            ...(movement !== undefined && { movement }),
          })
        }
      }
      return lines
    },
  }
}
