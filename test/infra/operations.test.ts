import { describe, expect, it } from 'vitest'
import { partnerNames, stages } from '../../infra/stages.ts'
import { roles } from '../../shared/api/roles.ts'
import type { Route } from '../../shared/api/route.ts'
import { financeRoutes } from '../../shared/finance/routes.ts'
import { routes } from '../../shared/operations/routes.ts'
import { readBlueprint } from './blueprint.ts'

const { template, all, target, permissionsOf, roleNamed } = readBlueprint(stages.local)
const contract = [...Object.values<Route>(routes), ...Object.values<Route>(financeRoutes)]
const functions = all('AWS::Lambda::Function')

describe('the API', () => {
  const deployed = Object.values(all('AWS::ApiGatewayV2::Route'))

  it('has the routes of the contract and no others', () => {
    const keys = deployed.map(({ RouteKey }) => RouteKey)
    expect(keys.sort()).toEqual(contract.map(({ method, path }) => `${method} ${path}`).sort())
  })

  it.each(deployed.map((route) => [route.RouteKey, route]))('%s is for who has signed', (_, route) => {
    expect(route).toMatchObject({ AuthorizationType: 'AWS_IAM' })
    expect(target(route.Target)).toMatch(/^integrations\//)
  })

  it('hands every request to the function of its contract, in payload format 2.0', () => {
    const integrations = template.findResources('AWS::ApiGatewayV2::Integration')
    const functionOf = (route: string) => {
      const { Properties } = integrations[target(route).replace('integrations/', '')] ?? {}
      expect(Properties).toMatchObject({ IntegrationType: 'AWS_PROXY', PayloadFormatVersion: '2.0' })
      return target(Properties.IntegrationUri)
    }
    const finance = Object.values<Route>(financeRoutes).map(({ method, path }) => `${method} ${path}`)
    for (const { RouteKey, Target } of deployed)
      expect(functionOf(Target)).toBe(finance.includes(RouteKey) ? 'local-finance-api' : 'local-ops')
  })

  it('is all that may invoke them', () => {
    const permissions = Object.values(all('AWS::Lambda::Permission'))
    const invoked = permissions.filter(({ Principal }) => Principal === 'apigateway.amazonaws.com')
    expect(invoked).toHaveLength(2)
    for (const { SourceArn } of invoked) expect(target(SourceArn)).toMatch(/:local-operations\/\*\/\*\/\*$/)
  })

  it('keeps callers from each other, and logs no path, query or body', () => {
    const [stage] = Object.values(all('AWS::ApiGatewayV2::Stage'))
    expect(stage).toMatchObject({
      StageName: '$default',
      DefaultRouteSettings: { ThrottlingBurstLimit: 40, ThrottlingRateLimit: 20 },
    })
    expect(target(stage?.AccessLogSettings.DestinationArn)).toBe('/aws/vendedlogs/local-operations')
    expect(Object.values(JSON.parse(stage?.AccessLogSettings.Format)).sort()).toEqual([
      '$context.error.message',
      '$context.identity.userArn',
      '$context.integrationErrorMessage',
      '$context.requestId',
      '$context.requestTime',
      '$context.responseLatency',
      '$context.routeKey',
      '$context.status',
    ])
  })

  it('hears from its function before API Gateway gives up', () => {
    for (const name of ['local-ops', 'local-finance-api']) expect(functions[name].Timeout).toBeLessThan(30)
  })
})

const prefix = 'arn:aws:execute-api:ap-southeast-3:000000000000:local-operations/$default/'

describe.each(roles)('the role %s', (role) => {
  const name = `local-${role}`
  const calls = permissionsOf(roleNamed(name)).filter((permission) => permission.startsWith('execute-api:'))
  const allowed = calls.map((permission) => {
    const [action, resource = ''] = permission.split(' ')
    expect(action).toBe('execute-api:Invoke')
    return resource
  })
  const mine = ({ role: needed }: Route) => needed === 'viewer' || needed === role

  it('may call its own routes and nothing else', () => {
    expect(allowed).toHaveLength(contract.filter(mine).length)
    for (const pattern of allowed) expect(pattern.startsWith(prefix)).toBe(true)
  })

  it('is taken by a user of the account under their own name only, with a second factor', () => {
    const { AssumeRolePolicyDocument, MaxSessionDuration } = all('AWS::IAM::Role')[name]
    const Principal = { AWS: 'arn:aws:iam::000000000000:root' }
    // biome-ignore lint/suspicious/noTemplateCurlyInString: IAM fills it in.
    const user = '${aws:username}'
    expect(AssumeRolePolicyDocument.Statement).toEqual([
      {
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Principal,
        Condition: {
          StringLike: { 'sts:RoleSessionName': user, 'sts:SourceIdentity': user },
          Bool: { 'aws:MultiFactorAuthPresent': 'true' },
        },
      },
      {
        Effect: 'Allow',
        Action: 'sts:SetSourceIdentity',
        Principal,
        Condition: { StringLike: { 'sts:SourceIdentity': user } },
      },
    ])
    expect(MaxSessionDuration).toBe(3600)
  })
})

describe('jobs', () => {
  it('come one at a time, and end in the dead-letter queue after five failures', () => {
    const [mapping] = Object.values(all('AWS::Lambda::EventSourceMapping')).filter(
      ({ EventSourceArn }) => target(EventSourceArn) === 'local-jobs',
    )
    expect(target(mapping?.FunctionName)).toBe('local-jobs')
    expect(mapping).toMatchObject({ BatchSize: 1, ScalingConfig: { MaximumConcurrency: 2 } })
    const { RedrivePolicy, VisibilityTimeout } = all('AWS::SQS::Queue')['local-jobs']
    expect(RedrivePolicy.maxReceiveCount).toBe(5)
    expect(VisibilityTimeout).toBeGreaterThanOrEqual(6 * functions['local-jobs'].Timeout)
  })
})

describe('what people do', () => {
  it.each(['ops', 'jobs', 'reconcile'])('by %s may give work to whatever releases or asks', (folder) => {
    const wakes = partnerNames.flatMap((partner) => [`local-release-${partner}`, `local-inquire-${partner}`])
    const properties = { FunctionName: `local-${folder}` }
    template.hasResource('AWS::Lambda::Function', { Properties: properties, Metadata: { wakes } })
  })

  it('reaches every dead-letter queue that a function has, by its name', () => {
    const text = target(functions['local-ops'].Environment.Variables.DEAD_LETTER_QUEUES)
    const fed = ['intake', 'intake-accounts', 'jobs', ...partnerNames.map((partner) => `pay-${partner}`)]
    const followers = ['publish', 'totals', 'reconcile']
    const names = [...[...fed, ...followers].map((name) => `local-${name}-dlq`), 'local-undelivered']
    expect(JSON.parse(text)).toEqual(Object.fromEntries(names.map((name) => [name, name])))
  })

  it.each([
    [stages.local, 20, 12_000_000],
    [stages.production, 100, 60_000_000],
  ])('takes two people beyond a limit of the stage', (stage, payouts, rupiah) => {
    expect(stage.approval).toEqual({ payouts, rupiah })
  })
})
