import { resolve } from '../../infra/local/intrinsics.ts'
import { createReferences } from '../../infra/local/references.ts'
import { stages } from '../../infra/stages.ts'
import { readBlueprint } from './blueprint.ts'

/** Roles of people and schedules, and the ARNs that they are asked about, from the template of the stage `local`. */

const { account, region } = stages.local
const { template } = readBlueprint(stages.local)
const resources: Readonly<Record<string, { Type: string; Properties: Record<string, unknown> }>> =
  template.toJSON().Resources
const references = createReferences(new Map(Object.entries(resources)), 'http://127.0.0.1')
const idsOf = (type: string) => Object.keys(template.findResources(type))
const propertiesOf = (id: string) => Object(resources[id]?.Properties)

/** The API's id, which a template does not know; its logical id stands for it. */
const [apiId] = idsOf('AWS::ApiGatewayV2::Api')

/** ARNs as they look when deployed. */
export const arns = {
  invoke: (method: string, path: string) =>
    `arn:aws:execute-api:${region}:${account}:${apiId}/$default/${method}${path}`,
  table: (name: string) => `arn:aws:dynamodb:${region}:${account}:table/local-${name}`,
  role: (name: string) => `arn:aws:iam::${account}:role/local-${name}`,
  user: (name: string, home: string = account) => `arn:aws:iam::${home}:user/${name}`,
}

type RoleInTemplate = {
  /** The role's name, or that of the function it is for. */
  readonly name: string
  readonly policies: { name: string; policy: unknown }[]
  readonly trust: unknown
}

const functionOf = (roleId: string): string | undefined => {
  const found = idsOf('AWS::Lambda::Function').map(propertiesOf)
  return found.find(({ Role }) => Role['Fn::GetAtt'][0] === roleId)?.FunctionName
}
/** Every role of the template; one of a schedule goes by its logical id. */
export const templateRoles: readonly RoleInTemplate[] = idsOf('AWS::IAM::Role').map((id) => {
  const { RoleName, ManagedPolicyArns, AssumeRolePolicyDocument } = propertiesOf(id)
  const policies = ManagedPolicyArns.map(({ Ref }: { Ref: string }) => ({
    name: Ref,
    policy: resolve(propertiesOf(Ref).PolicyDocument, references),
  }))
  return {
    name: RoleName ?? functionOf(id) ?? id,
    policies,
    trust: resolve(AssumeRolePolicyDocument, references),
  }
})

export function templateRole(name: string): RoleInTemplate {
  const found = templateRoles.find((role) => role.name === `local-${name}`)
  if (!found) throw new Error(`the template has no role local-${name}`)
  return found
}
