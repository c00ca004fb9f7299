import { type Caller, roles } from './roles.ts'

/** Where the system that is called lives: only its own roles are anybody here. */
export type Home = { readonly stage: string; readonly account: string }

const nobody: Caller = { role: 'viewer' }

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html#reference_iam-quotas-names: a session's
 *  name has 2 to 64 of these characters. */
const sessionForm =
  /^arn:aws:sts::(?<account>\d{12}):assumed-role\/(?<role>[\w+=,.@-]+)\/(?<session>[\w+=,.@-]{2,64})$/

/**
 * Who is calling: a session of one of this stage's roles in its own account. The trust policies of these roles demand
 * that a session bears the name of the user who assumes it, so the session's name is the person. Anything else (a user
 * without a role, root, another role, another account, an ARN of another form) may look and is nobody. Names are
 * compared as IAM does, without regard to case.
 */
export function callerOf(userArn: string | undefined, { stage, account }: Home): Caller {
  const session = sessionForm.exec(userArn ?? '')?.groups
  const role = roles.find((name) => session?.role === `${stage}-${name}`)
  if (!session?.session || !role || session.account !== account) return nobody
  return { role, name: session.session.toLowerCase() }
}
