import { account, nameOf, region } from './references.ts'
import * as schemas from './resources.ts'
import type { Reader } from './template.ts'

/** An HTTP API, as its template describes it. */
export type Api = {
  /** What its ARNs have for it. */
  readonly id: string
  readonly routes: readonly ApiRoute[]
  /** What roles may invoke, by the role's name: ARNs, with wildcards. */
  readonly roles: ReadonlyMap<string, readonly string[]>
}

export type ApiRoute = {
  /** `GET /jobs/{id}` */
  readonly key: string
  readonly functionName: string
}

/** The request's route, and what stands in the parameters' places. */
export type Match = { readonly route: ApiRoute; readonly parameters: Readonly<Record<string, string>> }

/** The template's API, if it has one. Throws at several, and at what a route or a role cannot be here. */
export function readApi({ idsOf, read }: Reader): Api | undefined {
  const [id, ...others] = idsOf('AWS::ApiGatewayV2::Api')
  if (id === undefined) return undefined
  if (others.length > 0) throw new Error('the template has several HTTP APIs; this machine runs one')
  read(id, schemas.api)
  for (const stage of idsOf('AWS::ApiGatewayV2::Stage')) read(stage, schemas.apiStage)
  const routes = idsOf('AWS::ApiGatewayV2::Route').map((route) => {
    const { RouteKey: key, Target } = read(route, schemas.route)
    const { IntegrationUri } = read(Target.slice('integrations/'.length), schemas.integration)
    return { key, functionName: nameOf(IntegrationUri) }
  })
  const roles = idsOf('AWS::IAM::Role').flatMap((role) => {
    const { RoleName, ManagedPolicyArns } = read(role, schemas.role)
    return RoleName === undefined ? [] : [[RoleName, ManagedPolicyArns.flatMap(invocable)] as const]
  })
  return { id, routes, roles: new Map(roles) }

  function invocable(policy: string): string[] {
    const { Statement } = read(policy, schemas.managedPolicy).PolicyDocument
    return Statement.filter(({ Action }) => Action.includes('execute-api:Invoke')).flatMap(
      ({ Resource }) => Resource,
    )
  }
}

/** A path, decoded, and a method; a route whose path has fewer parameters goes before. */
export function matchRoute({ routes }: Api, method: string, path: string): Match | undefined {
  const matches = routes.flatMap((route) => {
    const [ownMethod, ownPath = ''] = route.key.split(' ')
    const pattern = ownPath.replaceAll('.', '\\.').replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')
    const match = ownMethod === method ? new RegExp(`^${pattern}$`).exec(path) : null
    return match ? [{ route, parameters: { ...match.groups } }] : []
  })
  const count = ({ parameters }: Match) => Object.keys(parameters).length
  return matches.sort((one, other) => count(one) - count(other))[0]
}

/** Whether a role's policies let it call this method and path. */
export function mayInvoke({ id, roles }: Api, roleName: string, method: string, path: string): boolean {
  const arn = `arn:aws:execute-api:${region}:${account}:${id}/$default/${method}${path}`
  return (roles.get(roleName) ?? []).some((pattern) => like(pattern).test(arn))
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html#reference_policies_elements_resource_wildcards */
function like(pattern: string): RegExp {
  const literal = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&')
  return new RegExp(`^${literal.replaceAll('*', '.*').replaceAll('?', '.')}$`, 's')
}
