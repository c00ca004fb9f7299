import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Mistake } from '../command-line.ts'
import { databaseIn } from './engine.ts'
import { objectsIn } from './objects.ts'
import { quarantinedIn } from './quarantined.ts'
import { statementsIn } from './statements.ts'

/** Says in a directory whose it is. */
const marker = '.npm-start'
const sentence = 'npm start keeps the data of its last run here, and replaces them when it starts afresh.\n'

/**
 * Makes sure that there is such a directory. A run replaces what has the names of its own data in it: where that is there
 * and no run has left it, it is somebody else's and refused.
 */
export function openDataDirectory(path: string): Mistake | undefined {
  try {
    mkdirSync(path, { recursive: true })
    if (!statSync(path).isDirectory()) throw new Error('it is a file')
  } catch {
    return { mistake: `--data ${path} is no directory and cannot be made one: choose another` }
  }
  const isOurs = [join(path, marker), databaseIn(path)].some((trace) => existsSync(trace))
  const replaced = [objectsIn(path), statementsIn(path), quarantinedIn(path)]
  const foreign = replaced.find((one) => existsSync(one))
  if (!isOurs && foreign !== undefined)
    return {
      mistake: `--data ${path} holds ${foreign}, which no run has left there: choose another directory`,
    }
  writeFileSync(join(path, marker), sentence)
  return undefined
}
