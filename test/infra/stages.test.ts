import { describe, expect, it } from 'vitest'
import { checkStage, type Stage, stageNamed, stages } from '../../infra/stages.ts'
import { readBlueprint } from './blueprint.ts'

const { local, production } = stages

/** The stage with other addresses. */
function withEndpoints(stage: Stage, endpoints: Partial<Record<keyof Stage['partners'], string>>): Stage {
  const { bni, gopay, linkaja, ovo } = stage.partners
  return {
    ...stage,
    partners: {
      bni: { ...bni, endpoint: endpoints.bni ?? bni.endpoint },
      gopay: { ...gopay, endpoint: endpoints.gopay ?? gopay.endpoint },
      linkaja: { ...linkaja, endpoint: endpoints.linkaja ?? linkaja.endpoint },
      ovo: { ...ovo, endpoint: endpoints.ovo ?? ovo.endpoint },
    },
  }
}

describe.each(Object.values(stages))('the stage $name', (stage) => {
  it('is found, and nothing in it has to be written otherwise', () => {
    expect(stageNamed(stage.name)).toBe(stage)
    expect(checkStage(stage)).toBeUndefined()
  })

  const functions = readBlueprint(stage).all('AWS::Lambda::Function')
  const folder = ({ Environment }: { Environment: { Variables: Record<string, string> } }) =>
    Environment.Variables.POWERTOOLS_SERVICE_NAME ?? ''

  it('names the scheme to whoever goes by one, and to nobody else', () => {
    const told = Object.values(functions).filter(({ Environment }) => 'SCHEME' in Environment.Variables)
    expect([...new Set(told.map(folder))].sort()).toEqual(['close', 'finance', 'intake', 'ops', 'release'])
    for (const { Environment } of told) expect(Environment.Variables.SCHEME).toBe(stage.scheme)
  })

  it('says where each partner is called, and with how much memory', () => {
    const callers = Object.values(functions).filter(
      ({ Environment }) => 'PARTNER_SECRET' in Environment.Variables,
    )
    expect(new Set(callers.map(folder))).toEqual(
      new Set(['pay', 'inquire', ...(stage.fetchesStatements ? ['statement'] : [])]),
    )
    for (const { Environment, FunctionName } of callers) {
      const [settings] = Object.entries(stage.partners).flatMap(([partner, each]) =>
        partner === Environment.Variables.PARTNER ? [each] : [],
      )
      expect([FunctionName, Environment.Variables.PARTNER_ENDPOINT]).toEqual([
        FunctionName,
        settings?.endpoint,
      ])
    }
    const waiting = callers.filter((each) => folder(each) !== 'statement')
    expect(new Set(waiting.map(({ MemorySize }) => MemorySize))).toEqual(new Set([stage.callerMebibytes]))
  })
})

it('only on this machine a stage says what float there is: elsewhere the treasury puts it there', () => {
  const says = (stage: Stage) => Object.values(stage.partners).filter((settings) => 'funding' in settings)
  expect(says(local)).toHaveLength(4)
  expect(says(production)).toEqual([])
})

it.each([
  [
    withEndpoints(production, { gopay: 'http://api.gopay.example' }),
    'Stage production: write partners.gopay.endpoint as https://<host>, without a path, in infra/stages.ts',
  ],
  [
    withEndpoints(production, { bni: 'http://127.0.0.1:4001', ovo: 'https://api.ovo.example/v1.0' }),
    'Stage production: write partners.bni.endpoint, partners.ovo.endpoint as https://<host>, without a path, ' +
      'in infra/stages.ts',
  ],
  [
    withEndpoints(local, { linkaja: 'http://simulator.example' }),
    'Stage local: write partners.linkaja.endpoint as https://<host> or http://127.0.0.1:<port>, without a path, ' +
      'in infra/stages.ts',
  ],
] as const)('what has to be written otherwise is said in one sentence (%#)', (stage, mistake) => {
  expect(checkStage(stage)).toEqual({ mistake })
})
