import { books } from './alarms/books.ts'
import { lanes } from './alarms/lanes.ts'
import { machinery } from './alarms/machinery.ts'
import { queues } from './alarms/queues.ts'
import type { AlarmRule, NamedRules } from './alarms/rule.ts'

/** What the rules are about, in the order of the runbook's articles. */
export const alarmParts: readonly (readonly [part: string, rules: NamedRules])[] = Object.entries({
  books,
  lanes,
  queues,
  machinery,
})

/** Everything an operator is woken for, by name; RUNBOOK.md has an article on each. */
export const alarmRules: ReadonlyMap<string, AlarmRule> = new Map(alarmParts.flatMap(([, rules]) => rules))
