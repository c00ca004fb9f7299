import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pauseReasons } from '../../shared/domain/pause.ts'
import { metricNames } from '../../shared/runtime/metrics.ts'
import { partnerNames } from '../stages.ts'

const functions = join(import.meta.dirname, '../../functions')
const textOf = (pattern: string): string =>
  globSync(pattern, { cwd: functions })
    .map((file) => readFileSync(join(functions, file), 'utf8'))
    .join('\n')

/**
 * Metrics that functions can ever write, each a name with its service and, where it has one, its partner, since CloudWatch
 * charges for every such combination: as the sources name them, which is a few more than there will be.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_concepts.html#Dimension
 */
export function countedMetrics(): number {
  const [reporting, lane] = [textOf('reporting.ts'), textOf('{lane,invocation}.ts')]
  const services = globSync('*/handler.ts', { cwd: functions }).map((file) => {
    const own = textOf(`${file.split(/[\\/]/)[0]}/*.ts`)
    const source = [own, own.includes('reportCase') && reporting, own.includes('openLane') && lane].join('\n')
    const names = metricNames.filter((name) => source.includes(`'${name}'`)).length
    const pauses = source.includes('countLanePaused(') ? pauseReasons.length : 0
    const all = source.includes('setPartner(') ? 0 : 1
    const partners = all === 0 || source.includes('countForPartner(') ? partnerNames.length : 0
    return (names + pauses) * (all + partners)
  })
  return services.reduce((sum, metrics) => sum + metrics, 0)
}
