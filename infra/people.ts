import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2'
import { AccountPrincipal, ManagedPolicy, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam'
import { Duration, Stack } from 'aws-cdk-lib/core'
import { Construct } from 'constructs'
import { roles } from '../shared/api/roles.ts'
import type { Route } from '../shared/api/route.ts'
import { financeRoutes } from '../shared/finance/routes.ts'
import { routes } from '../shared/operations/routes.ts'
import { Keys, keyStatements } from './keys.ts'
import type { Stage } from './stages.ts'
import { asking } from './warehouse.ts'

/**
 * The policy variable for the name of the IAM user who asks; whoever is no IAM user has none, and gets no role.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
// biome-ignore lint/suspicious/noTemplateCurlyInString: IAM fills it in.
const userName = '${aws:username}'

/**
 * Who may take a role: an IAM user of the account who has just shown a second factor, and under no other name than
 * the user's own. That name is the session's and the source identity, which no later session can change:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#ck_rolesessionname
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html
 */
const asThemselves = {
  StringLike: { 'sts:RoleSessionName': userName, 'sts:SourceIdentity': userName },
  Bool: { 'aws:MultiFactorAuthPresent': 'true' },
}

const contract = [...Object.values<Route>(routes), ...Object.values<Route>(financeRoutes)]

/**
 * The roles that people take to call the API. Everybody may read; what else, is each role's own. A person's
 * user still needs to be allowed to take the role.
 */
export function createPeople(scope: Construct, stage: Stage, api: HttpApi): void {
  const people = new Construct(scope, 'People')
  const account = new AccountPrincipal(stage.account)
  for (const name of roles) {
    const own = contract.filter(({ role }) => role === 'viewer' || role === name)
    const policy = new ManagedPolicy(people, `Policy-${name}`, {
      statements: [
        new PolicyStatement({
          actions: ['execute-api:Invoke'],
          resources: own.map((route) => arnOf(route, api)),
        }),
        ...(name === 'finance' ? beyondTheApi(people, stage) : []),
      ],
    })
    const role = new Role(people, `Role-${name}`, {
      roleName: `${stage.name}-${name}`,
      assumedBy: account.withConditions(asThemselves),
      managedPolicies: [policy],
      maxSessionDuration: Duration.hours(1),
    })
    // An action of its own, which knows nothing of the session's name.
    role.assumeRolePolicy?.addStatements(
      new PolicyStatement({
        principals: [account],
        actions: ['sts:SetSourceIdentity'],
        conditions: { StringLike: { 'sts:SourceIdentity': userName } },
      }),
    )
  }
}

/**
 * Finance may ask the movement files by SQL. Nobody may hand in a statement: it settles payments and books returns, so that
 * one person who wrote one alone could have a payout paid again. Partners deliver theirs, or the bank's is fetched.
 */
function beyondTheApi(scope: Construct, stage: Stage): readonly PolicyStatement[] {
  const all = asking(stage)
  return [...all, ...keyStatements(Keys.of(scope), stage, all)]
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-control-access-using-iam-policies-to-invoke-api.html */
function arnOf({ method, path }: Route, api: HttpApi): string {
  const anyParameter = path.replace(/\{\w+\}/g, '*')
  return Stack.of(api).formatArn({
    service: 'execute-api',
    resource: api.apiId,
    resourceName: `$default/${method}${anyParameter}`,
  })
}
