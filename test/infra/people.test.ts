import { describe, expect, it } from 'vitest'
import { roles } from '../../shared/api/roles.ts'
import type { Route } from '../../shared/api/route.ts'
import { financeRoutes } from '../../shared/finance/routes.ts'
import { routes } from '../../shared/operations/routes.ts'
import { arns, templateRole, templateRoles } from './evaluation.ts'
import { isAllowed } from './simulation.ts'

/** What IAM's own rules make of the template's policies, evaluated request by request. */

const contract = [...Object.values<Route>(routes), ...Object.values<Route>(financeRoutes)]
const filled = (path: string): string => path.replace(/\{\w+\}/g, '0b9f2c1e-5d55-4f51-9f0e-0a4a7d1c9b11')

describe.each(roles)('a session of %s', (name) => {
  const session = {
    principal: `arn:aws:sts::000000000000:assumed-role/local-${name}/ani`,
    policies: templateRole(name).policies,
  }
  const mayInvoke = (method: string, path: string) =>
    isAllowed({ ...session, action: 'execute-api:Invoke', resource: arns.invoke(method, path) })

  it.each(
    contract.map(({ method, path, role }) => ({ method, path, may: role === 'viewer' || role === name })),
  )('$method $path: $may', async ({ method, path, may }) => {
    expect(await mayInvoke(method, filled(path))).toBe(may)
  })

  it.each([
    ['POST', '/status'],
    ['DELETE', '/jobs/0b9f2c1e'],
    ['GET', '/instructions'],
    ['GET', '/payouts/P-1'],
  ])('%s %s: no, since there is no such route', async (method, path) => {
    expect(await mayInvoke(method, path)).toBe(false)
  })

  it("neither hands in nor reads partners' statements: one person alone could have a payout paid again", async () => {
    const bucket = 'arn:aws:s3:::local-disbursement-statements-000000000000'
    const may = (action: string, resource: string) => isAllowed({ ...session, action, resource })
    const key = `${bucket}/statements/bni/2020-10-01.csv`
    expect(await may('s3:PutObject', key)).toBe(false)
    expect(await may('s3:GetObject', key)).toBe(false)
    expect(await may('s3:PutObject', `${bucket}/reconciliation/bni/2020-10-01/0001/open.ndjson.gz`)).toBe(
      false,
    )
  })

  it('reaches no other API', async () => {
    const resource = arns.invoke('GET', '/status').replace(/:\w+\/\$default/, ':another/$default')
    expect(await isAllowed({ ...session, action: 'execute-api:Invoke', resource })).toBe(false)
  })
})

describe.each(roles)('the role %s', (name) => {
  const { trust } = templateRole(name)
  const role = arns.role(name)
  const taking = ['sts:AssumeRole', 'sts:SetSourceIdentity']
  const allowing = {
    name: 'taking',
    policy: {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: taking, Resource: role }],
    },
  }

  const own = {
    'aws:username': 'ani',
    'sts:RoleSessionName': 'ani',
    'sts:SourceIdentity': 'ani',
    'aws:MultiFactorAuthPresent': 'true',
  }
  const { 'sts:SourceIdentity': _, ...noSource } = own
  const { 'aws:MultiFactorAuthPresent': __, ...noFactor } = own
  const { 'aws:username': ___, ...noUser } = own
  const ani = arns.user('ani')
  const session = 'arn:aws:sts::000000000000:assumed-role/local-viewer/ani'

  it.each([
    { who: 'a user under their own name', may: true, context: own },
    {
      who: 'under the name of another session',
      may: false,
      context: { ...own, 'sts:RoleSessionName': 'budi' },
    },
    { who: 'as another source', may: false, context: { ...own, 'sts:SourceIdentity': 'budi' } },
    {
      who: 'under both names of another',
      may: false,
      context: { ...own, 'sts:RoleSessionName': 'budi', 'sts:SourceIdentity': 'budi' },
    },
    { who: 'under their name in capitals', may: false, context: { ...own, 'sts:RoleSessionName': 'ANI' } },
    { who: 'under a longer name', may: false, context: { ...own, 'sts:RoleSessionName': 'ani.budi' } },
    { who: 'under a pattern', may: false, context: { ...own, 'sts:RoleSessionName': '*' } },
    { who: 'without a source', may: false, context: noSource },
    { who: 'without a second factor', may: false, context: noFactor },
    {
      who: 'with a second factor that was not shown',
      may: false,
      context: { ...own, 'aws:MultiFactorAuthPresent': 'false' },
    },
    {
      who: 'a user of another account',
      may: false,
      context: own,
      principal: arns.user('ani', '999999999999'),
    },
    { who: 'a session, which is no user', may: false, context: noUser, principal: session },
    { who: 'a user whom nobody allows to', may: false, context: own, policies: [] },
  ])('is taken by $who: $may', async ({ may, context, principal = ani, policies = [allowing] }) => {
    const answers = taking.map((action) =>
      isAllowed({ principal, action, resource: role, context, policies, resourcePolicy: trust }),
    )
    expect((await Promise.all(answers)).every(Boolean)).toBe(may)
  })
})

describe('the table of operations', () => {
  const actions = [
    ...['Query', 'Scan', 'GetItem', 'BatchGetItem', 'ConditionCheckItem'],
    ...['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem', 'DeleteTable'],
  ].map((action) => `dynamodb:${action}`)
  const reaching: Readonly<Record<string, readonly string[]>> = {
    'local-ops': ['Query', 'GetItem', 'BatchGetItem', 'PutItem', 'UpdateItem'],
    'local-jobs': ['GetItem', 'PutItem'],
    'local-digest': ['Query'],
    'local-finance-api': ['Query'],
    'local-reconcile': ['Query'],
  }

  it.each(templateRoles)('$name reaches it no more than it must', async ({ name, policies }) => {
    const principal = `arn:aws:sts::000000000000:assumed-role/${name}/session`
    const allowed: string[] = []
    for (const action of actions) {
      if (await isAllowed({ principal, action, resource: arns.table('operations'), policies }))
        allowed.push(action)
    }
    expect(allowed.sort()).toEqual((reaching[name] ?? []).map((action) => `dynamodb:${action}`).sort())
  })
})
