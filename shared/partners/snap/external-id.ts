/**
 * X-EXTERNAL-ID of one HTTP request: 34 digits from 14 random bytes. SNAP wants a numeric text of at most 36
 * characters, unique within the day.
 */
export const externalIdFrom = (random: Uint8Array): string =>
  BigInt(`0x${Buffer.from(random.subarray(0, 14)).toString('hex')}`)
    .toString()
    .padStart(34, '0')
