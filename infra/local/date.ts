/**
 * The shared clock's cell: one number, milliseconds since 1970, which the host writes and every thread reads.
 * Aligned 8-byte reads and writes are not torn on 64-bit machines, and the host writes only while no function
 * runs, so no atomics are needed.
 */
export const createCell = (epochMs: number): Float64Array<SharedArrayBuffer> => {
  const cell = new Float64Array(new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT))
  cell[0] = epochMs
  return cell
}

/** A `Date` that takes "now" from the cell and is otherwise the real one; `instanceof` holds both ways. */
export function virtualDate(cell: Float64Array): DateConstructor {
  const now = () => cell[0] ?? Number.NaN
  return new Proxy(Date, {
    construct: (real, parts, newTarget) =>
      Reflect.construct(real, parts.length === 0 ? [now()] : parts, newTarget),
    apply: (real) => new real(now()).toString(),
    get: (real, property) => (property === 'now' ? now : Reflect.get(real, property)),
  })
}
