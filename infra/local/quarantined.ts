import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Where a run leaves all lines of its feed that ended in quarantine: the terminal shows the first of them. */
export const quarantinedIn = (dataDirectory: string): string => join(dataDirectory, 'quarantined.txt')

/** To be called before time moves: what is there is of another run, or of an earlier day of this one. */
export const forgetQuarantined = (dataDirectory: string): void =>
  rmSync(quarantinedIn(dataDirectory), { force: true })

/** One refusal a line; without any there is no file. */
export function leaveQuarantined(dataDirectory: string, refusals: readonly string[]): void {
  if (refusals.length > 0) writeFileSync(quarantinedIn(dataDirectory), `${refusals.join('\n')}\n`)
}
