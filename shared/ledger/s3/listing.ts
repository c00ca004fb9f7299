import { type _Object, paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3'

/** A thousand names each: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html */
const pagesMax = 1_000

/** Everything under a prefix of a bucket, in the order of the names. Throws where that does not end within a million. */
export async function objectsUnder(
  client: S3Client,
  bucket: string,
  prefix: string,
): Promise<readonly _Object[]> {
  const objects: _Object[] = []
  let pages = 0
  for await (const { Contents = [] } of paginateListObjectsV2(
    { client },
    { Bucket: bucket, Prefix: prefix },
  )) {
    pages += 1
    if (pages > pagesMax) throw new Error(`what is under ${prefix} does not end within ${pagesMax} pages`)
    objects.push(...Contents)
  }
  return objects
}
