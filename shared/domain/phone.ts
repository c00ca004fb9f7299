/** Indonesian mobile numbers: stored as E.164 (`+62812…`), written to each partner as it wants them. */

/** How a partner writes a number: `+628…`, `628…` or `08…`. */
export type PhoneFormat = 'e164' | '62' | '08'

/** What may stand before the subscriber's `8`: the international prefix, with or without plus, or the trunk 0. */
const mobile = /^(?:\+?62|0)(8\d{7,12})$/

/** `+628…` from `08…`, `62…` or `+62…`, spaces and hyphens ignored; `undefined` for anything else. */
export function parsePhone(text: string): string | undefined {
  const subscriber = mobile.exec(text.replace(/[\s-]/g, ''))?.[1]
  return subscriber === undefined ? undefined : `+62${subscriber}`
}

/** The number in a partner's format. Throws on what `parsePhone` refuses: such a number is never stored. */
export function renderPhone(number: string, format: PhoneFormat): string {
  const e164 = parsePhone(number)
  if (e164 === undefined) throw new RangeError('not an Indonesian mobile number')
  switch (format) {
    case 'e164':
      return e164
    case '62':
      return e164.slice(1)
    case '08':
      return `0${e164.slice(3)}`
  }
}
