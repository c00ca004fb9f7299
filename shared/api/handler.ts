import type { Context } from 'aws-lambda'
import { instant } from '../domain/instant.ts'
import { log } from '../runtime/log.ts'
import { callerOf } from './caller.ts'
import { oursToMend } from './problem.ts'
import { type ApiRequest, type ApiResponse, apiRequest } from './request.ts'
import { type Invocation, type ServeDependencies, type Served, serve } from './serve.ts'

/** What the longest portion of work and the answer may take. */
const portionMs = 8_000

/** Answers one request of a person's. What goes wrong here is for the log; the caller hears that it is ours. */
export function createApiHandler(deps: ServeDependencies, stage: string) {
  async function answer(request: ApiRequest, invocation: Invocation): Promise<Served> {
    const { accountId: account, authorizer } = request.requestContext
    const caller = callerOf(authorizer?.iam.userArn, { stage, account })
    try {
      return await serve(deps, caller, request, invocation)
    } catch (error) {
      log.error('request failed', error)
      return { status: oursToMend.problem.status, body: oursToMend.problem }
    }
  }

  return async (event: unknown, context: Context): Promise<ApiResponse> => {
    const { status, body, route } = await answer(apiRequest.parse(event), {
      now: instant(Date.now()),
      timeLeft: () => context.getRemainingTimeInMillis() > portionMs,
      invocation: context.awsRequestId,
    })
    log.info('request answered', { outcome: route ?? 'no route', code: `${status}` })
    const type = status < 400 ? 'application/json' : 'application/problem+json'
    return {
      statusCode: status,
      headers: { 'content-type': type, 'cache-control': 'no-store' },
      body: JSON.stringify(body),
    }
  }
}
