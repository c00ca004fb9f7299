import { Template } from 'aws-cdk-lib/assertions'
import type { Stage } from '../../infra/stages.ts'
import { synthesise } from '../../infra/synthesise.ts'

// The rules of CloudFormation take longest to check; synthesis.test.ts and `npm run check` do.
process.env.CDK_VALIDATION = 'false'

const nameProperties = [
  'FunctionName',
  'QueueName',
  'TableName',
  'LogGroupName',
  'RoleName',
  'BucketName',
  'Name',
]

type Statement = {
  readonly Action: string | string[]
  readonly Resource: unknown
  readonly Condition?: { readonly StringEquals?: Readonly<Record<string, unknown>> }
}
type RoleReference = { 'Fn::GetAtt': [string, string] }

/** A stage's template with what tests ask of it: resources under their own names, references resolved. */
export function readBlueprint(stage: Stage) {
  const template = Template.fromJSON({ ...synthesise(stage, { bundles: false }) })
  const resources = template.toJSON().Resources

  /** What a resource is called: its own name, or its logical id. */
  const nameOf = (id: string): string => {
    const properties = resources[id].Properties
    const names = nameProperties.map((property) => properties[property])
    return names.find((name) => typeof name === 'string') ?? id
  }
  /** A reference's target by name, e.g. `local-payouts/index/worklist` or `local-journal/stream`. Only what our
   *  templates use. */
  const target = (reference: unknown): string => {
    if (typeof reference === 'string') return reference
    const { Ref, 'Fn::GetAtt': attribute, 'Fn::Join': join } = Object(reference)
    const part = attribute?.[1] === 'StreamArn' ? '/stream' : ''
    return join ? join[1].map(target).join('') : `${nameOf(Ref ?? attribute[0])}${part}`
  }
  /** All resources of a type: name -> properties. */
  const all = (type: string) => {
    const found = Object.keys(template.findResources(type))
    return Object.fromEntries(found.map((id) => [nameOf(id), resources[id].Properties]))
  }
  const statementsOf = (role: RoleReference): Statement[] =>
    resources[role['Fn::GetAtt'][0]].Properties.ManagedPolicyArns.flatMap(
      ({ Ref }: { Ref: string }) => resources[Ref].Properties.PolicyDocument.Statement,
    )
  const linesOf = ({ Action, Resource }: Statement): string[] =>
    [Action].flat().flatMap((action) => [Resource].flat().map((resource) => `${action} ${target(resource)}`))
  const isOfKey = ({ Action }: Statement) => [Action].flat().every((action) => action.startsWith('kms:'))
  const isOfNetwork = ({ Action }: Statement) => [Action].flat().every((action) => action.startsWith('ec2:'))
  /** What a role may do, one line per action and resource, sorted: `dynamodb:PutItem local-journal`. Not what follows
   *  from it: the use of keys, and of the network. */
  const permissionsOf = (role: RoleReference): string[] =>
    statementsOf(role)
      .filter((statement) => !isOfKey(statement) && !isOfNetwork(statement))
      .flatMap(linesOf)
      .sort()
  /** What a role may do, and what with which key, through which service: `kms:Decrypt KeysData via sqs`. */
  const keyPermissionsOf = (role: RoleReference) => {
    const statements = statementsOf(role)
    const via = ({ Condition }: Statement) =>
      String(Condition?.StringEquals?.['kms:ViaService']).split('.')[0]
    return {
      actions: statements.filter((statement) => !isOfKey(statement)).flatMap(({ Action }) => [Action].flat()),
      keyActions: statements
        .filter(isOfKey)
        .flatMap((statement) => linesOf(statement).map((line) => `${line} via ${via(statement)}`))
        .sort(),
    }
  }

  /** A role that has a name of its own. */
  const roleNamed = (name: string): RoleReference => {
    const [id] = Object.keys(template.findResources('AWS::IAM::Role', { Properties: { RoleName: name } }))
    return { 'Fn::GetAtt': [id ?? `no role ${name}`, 'Arn'] }
  }

  return { template, all, target, permissionsOf, keyPermissionsOf, statementsOf, roleNamed }
}
