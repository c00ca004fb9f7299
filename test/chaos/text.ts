let known: { readonly content: unknown; readonly text: string } = { content: undefined, text: '' }

/**
 * The JSON of what is written or sent. What has just been asked about is not put together again: of an item, whoever
 * stores it and whoever looks at it want the same text, one after the other.
 */
export function textOf(content: unknown): string {
  if (known.content !== content) known = { content, text: JSON.stringify(content) }
  return known.text
}
