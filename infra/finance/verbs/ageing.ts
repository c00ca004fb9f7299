import type * as z from 'zod'
import { financeRoutes as routes } from '../../../shared/finance/routes.ts'
import { type ageingAnswer, bands } from '../../../shared/finance/schemas.ts'
import { plan, type Shown, type Verb, type View } from '../../command/verb.ts'
import { moment } from '../../command/words.ts'
import { figureColumns, type SheetColumn, sheet } from '../sheet.ts'

type Ageing = z.output<typeof ageingAnswer>
type Row = Ageing['rows'][number]

const columns: readonly SheetColumn<Row>[] = [
  { title: 'STANDING', name: 'standing', value: ({ standing }) => standing },
  { title: 'PARTNER', name: 'partner', value: ({ partner }) => partner },
  ...bands.flatMap((band) =>
    figureColumns<Row>(
      `${band.replace('-', ' ')} DAYS`.toUpperCase().replace(/(\d) (\d)/, '$1-$2'),
      `days_${band.replace('-', '_')}`,
      (row) => row.bands[band],
    ),
  ),
]

const isPart = (row: Row): boolean => bands.some((band) => row.bands[band].atLeast)
const programsColumns: typeof columns = [
  ...columns,
  { title: 'COMPLETE', name: 'complete', value: (row) => (isPart(row) ? 'no' : 'yes') },
]

const isEmpty = (row: Row): boolean => !isPart(row) && bands.every((band) => row.bands[band].count === 0)

const partial = 'More is due or in transit than could be read in time: figures with a + are too low'
/** Movements say when something was sent, and never when it is due. */
const inTransitBySql =
  'By SQL all that is in transit is counted: on AWS by Athena, whose query is called ageing, on this machine by npm run warehouse -- ageing'

function showAgeing({ rows, at }: Ageing, { paint }: View): Shown {
  const open = rows.filter((row) => !isEmpty(row))
  const parts = rows.filter(isPart)
  const isInTransit = parts.some(({ standing }) => standing === 'in-transit')
  const { lines } = sheet(open, columns, paint)
  return {
    lines: [...(open.length > 0 ? lines : ['nothing is open']), `${moment(at)} in Jakarta`],
    csv: sheet(rows, programsColumns, paint).csv,
    hints: [...(parts.length > 0 ? [partial] : []), ...(isInTransit ? [inTransitBySql] : [])],
  }
}

export const ageing: Verb = {
  name: 'ageing',
  summary: routes.ageing.summary,
  routes: [routes.ageing],
  examples: [['', 'every partner, by 0-1, 2-7, 8-30 and over 30 days']],
  notes: `due: may be sent since then, and is not yet. waiting: for an account. held: by people or an account that two have
linked. in-transit: pending or unknown at the partner. failed: proven not paid, or paid and returned. What is not due
yet is not here. A figure with a + is a part: more is due or in transit than could be read in time.`,
  plan: () => plan(routes.ageing, {}, showAgeing),
}
