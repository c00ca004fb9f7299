import type { MetricName } from '../../shared/runtime/metrics.ts'

/** A figure that CloudWatch computes of what functions count of partners, each by a name in the expression.
 *  https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html */
export type Combined = {
  readonly expression: string
  readonly counts: Readonly<Record<string, Count>>
}
/** Of all partners together where none is named. */
type Count = { readonly service: string; readonly partner?: string; readonly metric: MetricName }

const answered = ['pay', 'inquire'] as const

/**
 * The sum of counts, 0 where none of them was written, be it that none ever was: an operand that is missing counts as 0, and
 * `TIME_SERIES` is there at every time. `FILL` only promises to fill up a series that there is.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html#metric-math-syntax
 */
export const sumOf = (names: readonly string[]): string => ['TIME_SERIES(0)', ...names].join(' + ')

/** How many of a hundred that were released have to be paid, at least and at most, and from how many on that says anything. */
export type Band = { readonly least: number; readonly most: number; readonly released: number }

/** 1 where what was paid is outside its band of what was released, else 0. */
export function outsideBand(partner: string, { least, most, released }: Band): Combined {
  const counts = {
    released: { service: 'release', partner, metric: 'PayoutReleased' },
    pay: { service: 'pay', partner, metric: 'PayoutPaid' },
    inquire: { service: 'inquire', partner, metric: 'PayoutPaid' },
    reconcile: { service: 'reconcile', partner, metric: 'PayoutPaid' },
  } as const
  const paid = `100 * (${sumOf(['pay', 'inquire', 'reconcile'])})`
  const all = `(${sumOf(['released'])})`
  return {
    expression: `IF(${all} >= ${released} AND (${paid} < ${least} * ${all} OR ${paid} > ${most} * ${all}), 1, 0)`,
    counts,
  }
}

/** Rupiah that all partners together have paid. What statements have shown is one count, since an alarm looks at ten at most. */
export function rupiahPaid(partners: readonly string[]): Combined {
  const each = partners.flatMap((partner) =>
    answered.map((service) => [`${service}_${partner}`, { service, partner, metric: 'RupiahPaid' }] as const),
  )
  const counts: readonly (readonly [string, Count])[] = [
    ...each,
    ['reconcile', { service: 'reconcile', metric: 'RupiahPaid' }],
  ]
  return {
    expression: sumOf(counts.map(([name]) => name)),
    counts: Object.fromEntries(counts),
  }
}
