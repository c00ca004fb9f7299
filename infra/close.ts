import type { Construct } from 'constructs'
import { HandlerFunction } from './function.ts'
import { allow } from './permissions.ts'
import { Every } from './schedule.ts'
import type { Stage } from './stages.ts'
import type { Tables } from './tables.ts'

/** Cancels what a closed scheme no longer pays; it walks on from where its last run stopped. */
export function createClose(scope: Construct, stage: Stage, tables: Tables): void {
  const close = new HandlerFunction(scope, 'Close', {
    stage,
    folder: 'close',
    wakes: [],
    timeoutSeconds: 240,
    environment: { ...tables.environment, SCHEME: stage.scheme },
    permissions: [
      allow(tables.payouts.tableArn, 'dynamodb:Scan', 'dynamodb:GetItem', 'dynamodb:PutItem'),
      allow(tables.journal.tableArn, 'dynamodb:Query', 'dynamodb:PutItem'),
    ],
  })
  new Every(scope, 'CloseSchedule', { minutes: 5, handler: close })
}
