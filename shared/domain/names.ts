/**
 * Whether a participant and a partner mean the same holder. Partners write names in capitals or not, with
 * titles' dots or without, and some mask what they answer (`BU** SANT***`, `BUXX SANTXXX`).
 */

/** Upper case, no diacritics, single spaces, nothing that `dropped` matches. */
const normalise = (name: string, dropped: RegExp): string =>
  name.normalize('NFD').toUpperCase().replace(/\s+/gu, ' ').replace(dropped, '').replace(/ {2,}/g, ' ').trim()

/** Whether two normalised names are the same, but for what the second one masks. */
function areSame(given: string, answered: string): boolean {
  const [ours, theirs] = [[...given], [...answered]]
  if (ours.length === 0 || ours.length !== theirs.length) return false
  return ours.every((letter, index) => {
    const other = theirs[index]
    return other === letter || (letter !== ' ' && (other === '*' || other === 'X'))
  })
}

/**
 * True when the names are equal after upper-casing and dropping all but letters and single spaces. In the
 * answered name a `*` or an `X` stands for any one letter, and one of `salutations`, a word each, may stand before
 * it. An empty name agrees with nothing.
 */
export function namesAgree(given: string, answered: string, salutations: readonly string[] = []): boolean {
  const ours = normalise(given, /[^\p{L} ]/gu)
  const theirs = normalise(answered, /[^\p{L} *]/gu)
  const [first, ...rest] = theirs.split(' ')
  const isGreeted = salutations.some((salutation) => salutation.toUpperCase() === first)
  return areSame(ours, theirs) || (isGreeted && areSame(ours, rest.join(' ')))
}
