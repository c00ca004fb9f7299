/** A deliberate defect: one small change of the real code that some check must notice. */
export type Mutant = {
  /** Names it in tables and for `--only`. */
  readonly name: string
  /** What the code does wrong then. */
  readonly sentence: string
  /** From the repository's root. */
  readonly file: string
  /** Occurs exactly once in the file. */
  readonly before: string
  readonly after: string
}

/** The file's text with the defect in it; `undefined` if what is to be replaced does not occur exactly once. */
export function defective(text: string, { before, after }: Mutant): string | undefined {
  const [head, tail, ...more] = text.split(before)
  return head === undefined || tail === undefined || more.length > 0 ? undefined : head + after + tail
}
