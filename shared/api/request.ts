import * as z from 'zod'

/**
 * A request as API Gateway hands it to a function, as far as we read it. Header names are in lower case there.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export const apiRequest = z.object({
  version: z.literal('2.0'),
  rawPath: z.string(),
  queryStringParameters: z.record(z.string(), z.string()).optional(),
  headers: z.record(z.string(), z.string()),
  body: z.string().optional(),
  isBase64Encoded: z.boolean(),
  requestContext: z.object({
    /** The account that the API is in. */
    accountId: z.string(),
    http: z.object({ method: z.string() }),
    authorizer: z.object({ iam: z.object({ userArn: z.string() }) }).optional(),
  }),
})
export type ApiRequest = z.infer<typeof apiRequest>

export type ApiResponse = {
  readonly statusCode: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** The caller's own name for one command; the same key with the same request is the same command. */
export const idempotencyKey = z.string().regex(/^[A-Za-z0-9-]{8,64}$/)
