import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stage } from '../../infra/local/programme.ts'
import { synthesise } from '../../infra/local/synthesis.ts'
import { synthesise as synthesiseStage } from '../../infra/synthesise.ts'
import type { PartnerName } from '../../shared/partners/registry.ts'

/** Where a scenario's system differs from the stage's. */
export type Differences = {
  /** Of every work list. */
  readonly shards?: number
  /** Requests per second to a partner; its simulator would take more. */
  readonly rates?: Readonly<Partial<Record<PartnerName, number>>>
  /** Banks are asked for their statements every night. */
  readonly fetchesStatements?: boolean
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

/** A function's variables, changed where they say what differs. */
function changed(variables: object, { shards, rates }: Differences): object {
  const rate = Object.entries(rates ?? {}).find(
    ([partner]) => 'PARTNER' in variables && variables.PARTNER === partner,
  )?.[1]
  return {
    ...variables,
    ...('SHARDS' in variables && shards !== undefined && { SHARDS: `${shards}` }),
    ...('RATE_PER_SECOND' in variables && rate !== undefined && { RATE_PER_SECOND: `${rate}` }),
  }
}

const templateOf = async ({ fetchesStatements = stage.fetchesStatements }: Differences): Promise<string> =>
  fetchesStatements === stage.fetchesStatements
    ? synthesise(stage.name)
    : JSON.stringify(synthesiseStage({ ...stage, fetchesStatements }, { bundles: false }))

/** Writes the stage's template with these differences into a directory. */
export async function writeTemplate(
  directory: string,
  differences: Differences,
): Promise<{ readonly file: string }> {
  const file = join(directory, 'template.json')
  const change = (key: string, value: unknown) =>
    key === 'Variables' && isObject(value) ? changed(value, differences) : value
  writeFileSync(file, JSON.stringify(JSON.parse(await templateOf(differences), change)))
  return { file }
}
