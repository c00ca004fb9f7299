/** A value with the keys of every object in order; what says itself what it is in JSON, a date, is left to that. */
function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered)
  if (value === null || typeof value !== 'object') return value
  if ('toJSON' in value && typeof value.toJSON === 'function') return value
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1))
  return Object.fromEntries(entries.map(([key, part]) => [key, ordered(part)]))
}

/** JSON with the keys of every object in order, so that equal values always give equal text. */
export const canonicalJson = (value: unknown): string => JSON.stringify(ordered(value))
