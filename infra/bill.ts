import { CfnBudget } from 'aws-cdk-lib/aws-budgets'
import { type App, Stack } from 'aws-cdk-lib/core'
import type { Stage } from './stages.ts'

/** Its article in the runbook. */
export const billAlarm = 'aws-bill'

/** CloudFormation knows budgets in some regions only; they are about an account, whatever the region. */
export const billRegion = 'us-east-1'

/**
 * Tells operators of a day on which AWS has cost more than the stage allows for, all of its account taken together. AWS
 * works that out some hours later, and writes to the address itself: it is no alarm of CloudWatch's. A stage without an
 * address has no such stack.
 * https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-managing-costs.html
 */
export function createBill(app: App, { name, account, dollarsPerDay, alarmAddress }: Stage): void {
  if (alarmAddress === undefined) return
  const stack = new Stack(app, `disbursement-${name}-bill`, {
    env: { account, region: billRegion },
    description: 'Tells of a day on which AWS has cost too much.',
  })
  new CfnBudget(stack, 'Budget', {
    budget: {
      budgetName: `${name}-${billAlarm}`,
      budgetType: 'COST',
      timeUnit: 'DAILY',
      budgetLimit: { amount: dollarsPerDay, unit: 'USD' },
    },
    notificationsWithSubscribers: [
      {
        notification: { notificationType: 'ACTUAL', comparisonOperator: 'GREATER_THAN', threshold: 100 },
        subscribers: [{ subscriptionType: 'EMAIL', address: alarmAddress }],
      },
    ],
  })
}
