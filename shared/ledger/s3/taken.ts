import { S3ServiceException } from '@aws-sdk/client-s3'

/**
 * What S3 answers to whoever writes only where there is nothing, and there is something.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
export const isTaken = (error: unknown): boolean =>
  error instanceof S3ServiceException && error.name === 'PreconditionFailed'
