import type { Mistake } from '../command-line.ts'

/** Which DynamoDB a run has its tables in. */

/** The one that every run starts for itself, on a file among its data. */
export const embeddedEngine = 'embedded'

const variable = 'AWS_ENDPOINT_URL_DYNAMODB'
/** AWS itself is not meant: whatever is sent is signed with credentials that are nobody's. */
const others = 'an engine on this machine or network, such as DynamoDB Local at http://127.0.0.1:8000'
const remedy = `name ${others}, or unset the variable for the embedded one`

/** The address that AWS_ENDPOINT_URL_DYNAMODB names, or `embeddedEngine` where it is not set. */
export function chosenEngine(named: string | undefined = process.env[variable]): string | Mistake {
  if (named === undefined) return embeddedEngine
  const protocol = URL.canParse(named) ? new URL(named).protocol : ''
  if (protocol === 'http:' || protocol === 'https:') return named.replace(/\/$/, '')
  return { mistake: `${variable} is “${named}”, which is no address: ${remedy}` }
}

/** What to say where no DynamoDB answers at the address that was named. */
export const unanswered = (address: string): string =>
  `${variable} is “${address}”, and no DynamoDB answers there: start it, ${remedy}`

/** Why what is kept in a directory cannot go on: its tables are elsewhere. */
export function otherEngine(directory: string, kept: string, chosen: string): Mistake | undefined {
  if (kept === chosen) return undefined
  return {
    mistake:
      kept === embeddedEngine
        ? `${directory} holds a run with its tables in the embedded engine: unset ${variable} to go on from it`
        : `${directory} holds a run with its tables at ${kept}: set ${variable} to that to go on from it`,
  }
}
