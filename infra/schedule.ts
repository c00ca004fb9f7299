import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import {
  ContextAttribute,
  Schedule,
  ScheduleExpression,
  ScheduleTargetInput,
} from 'aws-cdk-lib/aws-scheduler'
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets'
import { Duration, Stack } from 'aws-cdk-lib/core'
import { Construct } from 'constructs'
import type { HandlerFunction } from './function.ts'
import { allow } from './permissions.ts'

type EveryProps = {
  readonly minutes: number
  readonly handler: HandlerFunction
}

/** For the schedule's own delivery as for Lambda's queue of asynchronous calls. */
const once = { retryAttempts: 0, maxEventAge: Duration.seconds(60) }

/**
 * Calls a function every so many minutes with `{ "now": "2026-01-31T02:00:00Z" }`, the time of the schedule, not
 * of the call. Nothing is retried: the next tick is the retry.
 */
export class Every extends Construct {
  constructor(scope: Construct, id: string, { minutes, handler }: EveryProps) {
    super(scope, id)
    const policy = new ManagedPolicy(this, 'Policy', {
      statements: [allow(handler.function.functionArn, 'lambda:InvokeFunction')],
    })
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
      managedPolicies: [policy],
    })
    handler.function.configureAsyncInvoke(once)
    new Schedule(this, 'Schedule', {
      scheduleName: handler.name,
      schedule: ScheduleExpression.rate(Duration.minutes(minutes)),
      target: new LambdaInvoke(handler.function, {
        input: ScheduleTargetInput.fromObject({ now: ContextAttribute.scheduledTime }),
        ...once,
        role: role.withoutPolicyUpdates(),
      }),
    })
  }
}
