import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { routes } from '../../shared/operations/routes.ts'
import { openApiDocument } from './openapi.ts'

/** Writes the API's document beside its source, formatted like everything else here. */
const file = join(import.meta.dirname, 'openapi.json')
writeFileSync(file, JSON.stringify(openApiDocument(routes), null, 2))
execFileSync('npx', ['biome', 'format', '--write', file], { stdio: 'inherit' })
