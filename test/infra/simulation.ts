import { runSimulation } from '@cloud-copilot/iam-simulate'
import { account } from '../../infra/local/references.ts'

/** What IAM would say to a request. */

type Asked = {
  readonly principal: string
  readonly action: string
  readonly resource: string
  readonly context?: Readonly<Record<string, string>>
  readonly policies: { name: string; policy: unknown }[]
  readonly resourcePolicy?: unknown
}

/** Whether the request is allowed. Throws where it is none that AWS knows. */
export async function isAllowed({
  principal,
  action,
  resource,
  context = {},
  policies,
  resourcePolicy,
}: Asked) {
  const response = await runSimulation(
    {
      request: { principal, action, resource: { resource, accountId: account }, contextVariables: context },
      identityPolicies: policies,
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      ...(resourcePolicy !== undefined && { resourcePolicy }),
    },
    {},
  )
  if (response.resultType === 'error') throw new Error(JSON.stringify(response.errors))
  return response.overallResult === 'Allowed'
}
