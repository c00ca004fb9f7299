import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import * as z from 'zod'
import { silence } from '../silence.ts'

const trialSchema = z.object({
  seed: z.number(),
  /** The first promise that was broken. */
  problem: z.object({ check: z.string(), subject: z.string(), detail: z.string() }).exactOptional(),
})
/** What came of one seed. */
export type Trial = z.infer<typeof trialSchema>

export type Seeds = { readonly first: number; readonly seeds: number; readonly participants: number }

/** However many seeds: whoever takes longer goes round in circles. */
const minutesMax = 20

/**
 * Runs seeds, one after the other, with the code in `directory`, in a process of their own that ends when nobody wants
 * more of them. Throws when the process fails, which is not for a broken promise.
 */
export async function* trials(
  directory: string,
  { first, seeds, participants }: Seeds,
): AsyncGenerator<Trial, void> {
  const script = join(directory, 'test/chaos/mutants/trial.ts')
  const child = spawn(process.execPath, [script, ...[first, seeds, participants].map(String)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...silence },
    timeout: minutesMax * 60_000,
  })
  const closed = once(child, 'close')
  const complaints = text(child.stderr)
  try {
    for await (const line of createInterface({ input: child.stdout }))
      yield trialSchema.parse(JSON.parse(line))
    await closed
    if (child.exitCode !== 0)
      throw new Error((await complaints).trim() || `no end within ${minutesMax} minutes`)
  } finally {
    child.kill()
    await closed
  }
}
