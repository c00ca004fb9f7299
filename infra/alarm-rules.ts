import { books } from './alarms/books.ts'
import { lanes } from './alarms/lanes.ts'
import { machinery } from './alarms/machinery.ts'
import { queues } from './alarms/queues.ts'
import type { AlarmRule } from './alarms/rule.ts'

/** Everything an operator is woken for, by name; RUNBOOK.md has an article on each. */
export const alarmRules: ReadonlyMap<string, AlarmRule> = new Map([
  ...books,
  ...lanes,
  ...queues,
  ...machinery,
])
