import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openApiDocument } from '../../shared/api/openapi.ts'
import { operationsApi } from '../../shared/operations/described.ts'

/** Writes the API's document beside its source, formatted like everything else here. */
const file = join(import.meta.dirname, 'openapi.json')
writeFileSync(file, JSON.stringify(openApiDocument(operationsApi), null, 2))
execFileSync('npx', ['biome', 'format', '--write', file], { stdio: 'inherit' })
