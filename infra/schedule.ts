import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import {
  ContextAttribute,
  Schedule,
  ScheduleExpression,
  ScheduleTargetInput,
} from 'aws-cdk-lib/aws-scheduler'
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets'
import { Duration, Stack, TimeZone } from 'aws-cdk-lib/core'
import { Construct } from 'constructs'
import type { HandlerFunction } from './function.ts'
import { allow } from './permissions.ts'

/** For the schedule's own delivery as for Lambda's queue of asynchronous calls. */
const once = { retryAttempts: 0, maxEventAge: Duration.seconds(60) }

type EveryProps = { readonly minutes: number; readonly handler: HandlerFunction }

/** Calls a function every so many minutes. */
export class Every extends Construct {
  readonly minutes: number
  readonly handler: HandlerFunction

  constructor(scope: Construct, id: string, { minutes, handler }: EveryProps) {
    super(scope, id)
    this.minutes = minutes
    this.handler = handler
    callOn(this, ScheduleExpression.rate(Duration.minutes(minutes)), handler)
  }
}

type DailyProps = { readonly hour: number; readonly minute: number; readonly handler: HandlerFunction }

/** Calls a function once a day, at a time of Jakarta. */
export class Daily extends Construct {
  readonly handler: HandlerFunction

  constructor(scope: Construct, id: string, { hour, minute, handler }: DailyProps) {
    super(scope, id)
    this.handler = handler
    const time = { hour: `${hour}`, minute: `${minute}`, timeZone: TimeZone.ASIA_JAKARTA }
    callOn(this, ScheduleExpression.cron(time), handler)
  }
}

/**
 * Calls a function with `{ "now": "2026-01-31T02:00:00Z" }`, the time of the schedule, not of the call. Nothing is
 * retried: the next tick is the retry.
 */
function callOn(scope: Construct, schedule: ScheduleExpression, handler: HandlerFunction): void {
  const policy = new ManagedPolicy(scope, 'Policy', {
    statements: [allow(handler.function.functionArn, 'lambda:InvokeFunction')],
  })
  const role = new Role(scope, 'Role', {
    assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
    }),
    managedPolicies: [policy],
  })
  handler.function.configureAsyncInvoke(once)
  new Schedule(scope, 'Schedule', {
    scheduleName: handler.name,
    schedule,
    target: new LambdaInvoke(handler.function, {
      input: ScheduleTargetInput.fromObject({ now: ContextAttribute.scheduledTime }),
      ...once,
      role: role.withoutPolicyUpdates(),
    }),
  })
}
