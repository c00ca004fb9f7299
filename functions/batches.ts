/** Batches under way at once. */
const sideBySide = 4

/** Works through items in batches of at most `size`, a few side by side; all results in the items' order. */
export async function inBatches<Item, Result>(
  items: readonly Item[],
  size: number,
  work: (batch: readonly Item[]) => Promise<readonly Result[]>,
): Promise<readonly Result[]> {
  const batches = Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  )
  const results: Result[] = []
  for (let start = 0; start < batches.length; start += sideBySide) {
    const done = await Promise.all(batches.slice(start, start + sideBySide).map(work))
    results.push(...done.flat())
  }
  return results
}

/** As many payouts as the ledger reads in one request. */
export const casesMax = 33
