import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, inject, it } from 'vitest'
import { stages } from '../../infra/stages.ts'
import { synthesise } from '../../infra/synthesise.ts'
import { readRecordings } from '../support/recordings.ts'
import { exceptions } from './exceptions.ts'
import { judge } from './judgement.ts'

/**
 * Runs after all scenarios and judges them together, so that it cannot pass by itself: `npm test` runs both. See
 * test/vitest.config.ts.
 */
const directory = join(import.meta.dirname, '..', 'scenarios')
/** Those that run a pipeline themselves; the others have a command start one. */
const scenarios = readdirSync(directory).filter((file) =>
  readFileSync(join(directory, file), 'utf8').includes('support/pipeline.ts'),
)
const recordings = readRecordings(inject('recordings'))
const recorded = [...recordings.values()].flat()
const stage = { ...stages.local, fetchesStatements: true }
const template = JSON.stringify(synthesise(stage, { bundles: false }))

it('every file of scenarios has left what its functions called', () => {
  expect([...recordings.keys()].sort()).toEqual(scenarios.sort())
})

describe('roles', async () => {
  const { refused, unused } = await judge(template, recorded)
  /** An exception is about one resource, so that it hides no other grant of the same action. */
  const isAbout = (grant: string) => {
    const [functionName, action, resource = ''] = grant.split(' ')
    return (line: string) =>
      line.startsWith(`${functionName} ${action} `) &&
      (resource === '' || line.endsWith(`:${resource}`) || line.endsWith(`/${resource}`))
  }

  it('allow whatever functions do', () => {
    expect(refused).toEqual([])
  })

  it('allow nothing that no function does, but for what has a reason', () => {
    const excepted = exceptions.map(({ grant }) => grant)
    expect(unused.filter((line) => !excepted.some((grant) => isAbout(grant)(line)))).toEqual([])
    expect(excepted.filter((grant) => !unused.some(isAbout(grant)))).toEqual([])
  })
})

describe('the judgement notices', () => {
  const ofClose = recorded.filter(({ functionName }) => functionName === 'local-close')
  const table = (name: string) => `arn:aws:dynamodb:ap-southeast-3:000000000000:table/local-${name}`

  /** Judges `close`, the only one that scans, where every list of actions is changed. */
  async function judgeClose(change: (actions: readonly unknown[]) => readonly unknown[], calls = ofClose) {
    const changed = JSON.parse(template, (key, value) =>
      key === 'Action' && Array.isArray(value) ? change(value) : value,
    )
    const { refused, unused } = await judge(JSON.stringify(changed), calls)
    const own = (lines: readonly string[]) => lines.filter((line) => line.startsWith('local-close '))
    return { refused: own(refused), unused: own(unused) }
  }

  it('a grant that is gone', async () => {
    const { refused } = await judgeClose((actions) => actions.filter((one) => one !== 'dynamodb:Scan'))
    expect(refused).toEqual([`local-close dynamodb:Scan ${table('payouts')}`])
  })

  it('a key that can no longer be used', async () => {
    const { refused } = await judgeClose((actions) => actions.filter((one) => one !== 'kms:GenerateDataKey'))
    expect(refused).toEqual([expect.stringMatching(/^local-close kms:GenerateDataKey \S+:key\/KeysData/)])
  })

  it('a grant that nobody uses', async () => {
    const { unused } = await judgeClose((actions) =>
      actions.includes('dynamodb:Scan') ? [...actions, 'dynamodb:DeleteItem'] : actions,
    )
    expect(unused).toEqual([`local-close dynamodb:DeleteItem ${table('payouts')}`])
  })

  it('a change to the journal, although the role allows it', async () => {
    const action = 'dynamodb:UpdateItem'
    const calls = [...ofClose, { functionName: 'local-close', action, resource: table('journal') }]
    const { refused } = await judgeClose(
      (actions) =>
        // Who may append to the journal may do exactly this with it.
        actions.join() === 'dynamodb:PutItem,dynamodb:Query' ? [...actions, action] : actions,
      calls,
    )
    expect(refused).toEqual([`local-close ${action} ${table('journal')}`])
  })
})
