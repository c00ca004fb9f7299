import { type HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2'
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import { Construct } from 'constructs'
import type { Route } from '../shared/api/route.ts'
import { financeRoutes } from '../shared/finance/routes.ts'
import { HandlerFunction } from './function.ts'
import { type Movements, movementKeys } from './movements.ts'
import { allow } from './permissions.ts'
import type { Stage } from './stages.ts'
import type { Tables } from './tables.ts'

export type FinanceProps = {
  readonly stage: Stage
  readonly tables: Tables
  readonly movements: Movements
  /** People's one API: finance has routes of its own on it. */
  readonly api: HttpApi
}

/** Before API Gateway gives up, which is after 30 seconds at the latest.
 *  https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html */
const timeoutSeconds = 29

/** How finance reads the books. Nothing that it may do writes anything but its own log. */
export class Finance extends Construct {
  constructor(scope: Construct, { stage, tables, movements, api }: FinanceProps) {
    super(scope, 'Finance')
    const handler = new HandlerFunction(this, 'Handler', {
      stage,
      folder: 'finance',
      // The role that people take has the shorter name.
      name: 'finance-api',
      wakes: [],
      timeoutSeconds,
      environment: {
        ...tables.environment,
        SCHEME: stage.scheme,
        FINANCE_TABLE: tables.finance.tableName,
        OPERATIONS_TABLE: tables.operations.tableName,
        MOVEMENTS_BUCKET: movements.bucket.bucketName,
      },
      permissions: [
        allow(tables.worklistArn, 'dynamodb:Query'),
        allow(
          tables.payouts.tableArn,
          'dynamodb:Query',
          'dynamodb:GetItem',
          'dynamodb:BatchGetItem',
          'dynamodb:Scan',
        ),
        allow(tables.journal.tableArn, 'dynamodb:Query', 'dynamodb:Scan'),
        allow(tables.finance.tableArn, 'dynamodb:Query'),
        allow(tables.operations.tableArn, 'dynamodb:Query'),
        allow(movements.bucket.arnForObjects(movementKeys), 's3:GetObject'),
        allow(movements.bucket.bucketArn, 's3:ListBucket'),
      ],
    })
    const integration = new HttpLambdaIntegration('Finance', handler.function, {
      scopePermissionToRoute: false,
    })
    for (const { method, path } of Object.values<Route>(financeRoutes))
      api.addRoutes({ path, methods: [HttpMethod[method]], integration })
  }
}
