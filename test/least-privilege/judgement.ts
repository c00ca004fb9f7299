import type { Call } from '../../infra/local/calls.ts'
import { region } from '../../infra/local/references.ts'
import { keyActionsFor } from '../infra/key-demands.ts'
import { isAllowed } from '../infra/simulation.ts'
import type { Recorded } from '../support/recordings.ts'
import { type DeployedFunction, type Deployment, readDeployment, type Statement } from './deployment.ts'
import { callsOfLambda } from './lambda.ts'

export type Judgement = {
  /** What a function does and may not: `local-close dynamodb:Scan arn:aws:dynamodb:…`. */
  readonly refused: readonly string[]
  /** What a function may and never does: nothing that it has called would be refused without it. */
  readonly unused: readonly string[]
}

/** Holds what functions have called against what the template lets them. */
export async function judge(template: string, recorded: readonly Recorded[]): Promise<Judgement> {
  const deployment = readDeployment(template)
  const judgements = await Promise.all(
    deployment.functions.map((deployed) => {
      const own = recorded.filter(({ functionName }) => functionName === deployed.name)
      return judgeFunction(deployed, deployment, own)
    }),
  )
  return {
    refused: judgements.flatMap(({ refused }) => refused),
    unused: judgements.flatMap(({ unused }) => unused),
  }
}

async function judgeFunction(
  deployed: DeployedFunction,
  deployment: Deployment,
  recorded: readonly Call[],
): Promise<Judgement> {
  const { name, principal, statements } = deployed
  const own = [...recorded, ...callsOfLambda(deployed, deployment)]
  const asked = distinct([...own, ...own.flatMap((call) => callsOfKey(call, deployment))])

  /** IAM looks at what speaks of the action only; so does the simulator, which then is ten times as fast. */
  const may = (call: AskedCall, among: readonly Statement[]) =>
    isAllowed({
      ...call,
      principal,
      policies: policiesOf(among.filter(({ Action }) => Action === call.action)),
      resourcePolicy: deployment.policyOf(call.resource),
    })
  const isNeeded = async (grant: Statement) => {
    const others = statements.filter((statement) => statement !== grant)
    for (const call of asked) if (call.action === grant.Action && !(await may(call, others))) return true
    return false
  }

  const refused: string[] = []
  for (const call of asked)
    if (!(await may(call, statements))) refused.push(`${name} ${call.action} ${call.resource}`)
  const unused: string[] = []
  for (const grant of statements)
    if (grant.Effect === 'Allow' && !(await isNeeded(grant)))
      unused.push(`${name} ${grant.Action} ${grant.Resource}`)
  return { refused, unused }
}

type AskedCall = Call & { readonly context?: Readonly<Record<string, string>> }

const policiesOf = (statements: readonly Statement[]) =>
  statements.length === 0
    ? []
    : [{ name: 'role', policy: { Version: '2012-10-17', Statement: [...statements] } }]

/** What a service does with the key in its caller's name. */
function callsOfKey({ action, resource }: Call, { keyOf }: Deployment): AskedCall[] {
  const key = keyOf(resource)
  if (key === undefined) return []
  const context = { 'kms:ViaService': `${action.split(':')[0]}.${region}.amazonaws.com` }
  return keyActionsFor(action).map((needed) => ({ action: needed, resource: key, context }))
}

const distinct = (calls: readonly AskedCall[]): readonly AskedCall[] => [
  ...new Map(calls.map((call) => [JSON.stringify(call), call])).values(),
]
