import {
  type CancellationReason,
  ConditionalCheckFailedException,
  DynamoDBServiceException,
  TransactionCanceledException,
} from '@aws-sdk/client-dynamodb'
import type { Item } from '../../../shared/ledger/dynamodb/write-units.ts'

const $metadata = { httpStatusCode: 400 }

/** A request that DynamoDB would refuse whatever is stored. */
export const invalid = (message: string): DynamoDBServiceException =>
  new DynamoDBServiceException({ name: 'ValidationException', $fault: 'client', $metadata, message })

/** `stored` is the item in the way, where the request asked for it. */
export const conditionFailed = (stored: Item | undefined): ConditionalCheckFailedException =>
  new ConditionalCheckFailedException({
    $metadata,
    message: 'The conditional request failed',
    ...(stored && { Item: stored }),
  })

/** One reason for each item of the transaction, in its order. */
export const cancelled = (reasons: CancellationReason[]): TransactionCanceledException =>
  new TransactionCanceledException({
    $metadata,
    message: `Transaction cancelled [${reasons.map(({ Code }) => Code).join(', ')}]`,
    CancellationReasons: reasons,
  })
