/** A JSON value with the keys of every object in order. */
function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered)
  if (value === null || typeof value !== 'object') return value
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1))
  return Object.fromEntries(entries.map(([key, part]) => [key, ordered(part)]))
}

/** JSON with the keys of every object in order, so that equal values always give equal text. Of JSON values only. */
export const canonicalJson = (value: unknown): string => JSON.stringify(ordered(value))
