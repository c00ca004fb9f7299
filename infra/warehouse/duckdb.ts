import { DuckDBInstance } from '@duckdb/node-api'
import { columnsOf, type Dialect, partitions } from '../../shared/finance/columns.ts'
import { type QuestionName, textOf } from '../../shared/finance/questions.ts'

/** The movement files of a folder on this machine as a table, as Athena has those in S3. */

/** https://duckdb.org/docs/stable/sql/data_types/overview */
const dialect: Dialect = {
  text: 'VARCHAR',
  whole: 'BIGINT',
  list: (item) => `${item}[]`,
  record: (fields) => `STRUCT(${fields.map(({ name, type }) => `"${name}" ${type}`).join(', ')})`,
}

/** Whole numbers are safe integers; a sum beyond them throws. */
export type Answer = Readonly<Record<string, string | number | null>>

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`

function cellOf(value: unknown): string | number | null {
  if (typeof value === 'string' || value === null) return value
  const number = Number(value)
  if (!Number.isSafeInteger(number)) throw new Error('an answer has a cell that is neither text nor whole')
  return number
}

/** https://duckdb.org/docs/stable/data/partitioning/hive_partitioning */
function tableOver(pattern: string): string {
  const columns = columnsOf(dialect).map(({ name, type }) => `${quoted(name)}: ${quoted(type)}`)
  const fromFolders = partitions.map((name) => `${quoted(name)}: ${dialect.text}`)
  return `create view movements as select * from read_json(${quoted(pattern)}, format = 'newline_delimited',
    compression = 'gzip', columns = {${columns.join(', ')}}, hive_partitioning = true,
    hive_types = {${fromFolders.join(', ')}})`
}

/** What stands for the files where there are none, at which DuckDB would fail. */
function emptyTable(): string {
  const columns = columnsOf(dialect).map(({ name, type }) => `"${name}" ${type}`)
  const fromFolders = partitions.map((name) => `"${name}" ${dialect.text}`)
  return `create table movements (${[...columns, ...fromFolders].join(', ')})`
}

/**
 * Opens the files under `folder`, whose paths go on `partner=…/day=…/…` and end with `ending`. Nothing is fetched from
 * anywhere.
 */
export async function openWarehouse(folder: string, ending = '.ndjson.gz') {
  const instance = await DuckDBInstance.create(':memory:', { autoinstall_known_extensions: 'false' })
  const connection = await instance.connect()
  const rows = async (text: string, parameters: readonly string[] = []): Promise<readonly Answer[]> => {
    const answer = await connection.runAndReadAll(text, [...parameters])
    return answer
      .getRowObjectsJS()
      .map((row) => Object.fromEntries(Object.entries(row).map(([name, cell]) => [name, cellOf(cell)])))
  }
  const pattern = `${folder}/partner=*/day=*/*${ending}`
  const [found] = await rows(`select count(*) as files from glob(${quoted(pattern)})`)
  await connection.run(found?.files === 0 ? emptyTable() : tableOver(pattern))
  return {
    rows,
    /** The answer's rows in its own order. */
    ask: (name: QuestionName, parameters: readonly string[]) => rows(textOf(name), parameters),
    close() {
      connection.closeSync()
      instance.closeSync()
    },
  }
}
export type Warehouse = Awaited<ReturnType<typeof openWarehouse>>
