/**
 * Money. Whole rupiah in a safe integer: exact to Rp9,007,199,254,740,991, some 600 times the programme.
 * Rupiah has no minor unit in use, so no amount here ever has a fraction; the two decimals that SNAP
 * demands exist at its wire only.
 */
declare const rupiahBrand: unique symbol
export type Rupiah = number & { readonly [rupiahBrand]: true }

/** Whether a number is an amount. */
export const isRupiah = (value: number): value is Rupiah => Number.isSafeInteger(value) && value >= 0

/** The amount of a whole, non-negative number. Throws on anything else: such a number is a bug. */
export function rupiah(value: number): Rupiah {
  if (!isRupiah(value)) throw new RangeError(`not a whole, non-negative amount of rupiah: ${value}`)
  return value
}

export const noRupiah = rupiah(0)

/** The sum; throws beyond the safe integers rather than losing a rupiah. */
export function sum(amounts: Iterable<Rupiah>): Rupiah {
  let total = 0
  for (const amount of amounts) total = rupiah(total + amount)
  return rupiah(total)
}

/** `minuend - subtrahend`; throws if it would be negative: no balance of ours may be. */
export const subtract = (minuend: Rupiah, subtrahend: Rupiah): Rupiah => rupiah(minuend - subtrahend)

/** `amount × times`, for a whole number of times. */
export const multiply = (amount: Rupiah, times: number): Rupiah => rupiah(amount * times)

/** For people: `Rp600,000`. */
export const formatRupiah = (amount: number): string => `Rp${amount.toLocaleString('en-US')}`
