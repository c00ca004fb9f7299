import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { TestProject } from 'vitest/node'
import * as z from 'zod'
import type { Call } from '../../infra/local/calls.ts'

/** What functions have called in a run of the tests: one file of NDJSON for every file of scenarios. */

declare module 'vitest' {
  interface ProvidedContext {
    /** The directory of this run's recordings. */
    readonly recordings: string
  }
}

export type Recorded = Call & { readonly functionName: string }
const recorded = z.object({ functionName: z.string(), action: z.string(), resource: z.string() })

/** Vitest calls it once, before all tests. */
export function setup({ provide }: TestProject): () => void {
  const directory = mkdtempSync(join(tmpdir(), 'recordings-'))
  provide('recordings', directory)
  return () => rmSync(directory, { recursive: true })
}

/** Keeps what the functions of this scenario call, each call once. */
export function createRecorder(directory: string, scenario: string) {
  const lines = new Set<string>()
  return (functionName: string, { action, resource }: Call): void => {
    const line = `${JSON.stringify({ functionName, action, resource })}\n`
    if (lines.has(line)) return
    lines.add(line)
    appendFileSync(join(directory, `${basename(scenario)}.ndjson`), line)
  }
}

/** What the scenarios have called, by the name of their file. */
export const readRecordings = (directory: string): ReadonlyMap<string, readonly Recorded[]> =>
  new Map(
    readdirSync(directory).map((file) => {
      const lines = readFileSync(join(directory, file), 'utf8').trimEnd().split('\n')
      return [basename(file, '.ndjson'), lines.map((line) => recorded.parse(JSON.parse(line)))]
    }),
  )
