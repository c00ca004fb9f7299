import * as z from 'zod'

/**
 * What comes in: statements that were put into the bucket. Keys arrive encoded as in a form.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
 */
export const notificationSchema = z.object({
  Records: z
    .array(
      z.object({
        s3: z.object({
          object: z.object({
            key: z.string().transform((key) => decodeURIComponent(key.replaceAll('+', ' '))),
          }),
        }),
      }),
    )
    .min(1),
})
