import type { Activity } from './activity.ts'
import type { Functions } from './functions.ts'
import { nameOf, region } from './references.ts'
import type { Bucket } from './resources.ts'

type NotificationOptions = {
  readonly buckets: readonly Bucket[]
  readonly activity: Activity
  readonly invoke: Functions['invoke']
}

/**
 * What S3 tells functions: every object that is written where a bucket's configuration says so, one after the other.
 * What fails is not tried again, as Lambda would twice before it leaves word in the function's dead-letter queue: the
 * same object can be written again.
 */
export function createNotifications({ buckets, activity, invoke }: NotificationOptions) {
  let last: Promise<unknown> = Promise.resolve()
  const wanted = buckets.flatMap(({ BucketName, NotificationConfiguration }) =>
    (NotificationConfiguration?.LambdaConfigurations ?? []).map((one) => ({
      bucket: BucketName,
      functionName: nameOf(one.Function),
      prefix: one.Filter.S3Key.Rules[0]?.Value ?? '',
    })),
  )
  return (bucket: string, key: string): void => {
    for (const one of wanted) {
      if (one.bucket !== bucket || !key.startsWith(one.prefix)) continue
      const turn = last
      last = activity.during(async () => {
        await turn
        await invoke(one.functionName, s3Event(bucket, key))
      })
    }
  }
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html */
const s3Event = (bucket: string, key: string) => ({
  Records: [
    {
      eventVersion: '2.1',
      eventSource: 'aws:s3',
      awsRegion: region,
      eventName: 'ObjectCreated:Put',
      s3: { bucket: { name: bucket }, object: { key: encodeURIComponent(key).replaceAll('%2F', '/') } },
    },
  ],
})
