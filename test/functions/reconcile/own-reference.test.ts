import { expect, test } from 'vitest'
import { eligibleForSettle } from '../../../functions/reconcile/eligible.ts'
import { plusSeconds } from '../../../shared/domain/instant.ts'
import { configurationOf } from '../../../shared/partners/registry.ts'
import { notFound, unknown } from '../../domain/examples.ts'
import { day, later, lineOf, noon, referenceOf, startWith } from './payments.ts'
import { partner } from './world.ts'

/** Days from the payment to the partner's debit of it; three are more than the tolerance. */
test.for([0, 3])(
  'a payment whose own debit has another amount, %i days later, is not eligible as not paid until that is corrected',
  async (bookedAfter) => {
    const { world, people } = await startWith(unknown())
    const [id = ''] = people
    const wrong = { at: noon(bookedAfter), reference: referenceOf(id), amount: 601_000 }
    const eligible = () => {
      const beyondSending = plusSeconds(world.now(), configurationOf(partner).idempotencyWindowSeconds)
      return eligibleForSettle(world.deps, partner, beyondSending)
    }
    for (let days = 0; days <= 3; days++) {
      world.goTo(later(days + 1), 6)
      await world.statement(later(days), days === bookedAfter ? [wrong] : [])
    }
    world.partner.tells(notFound)
    await world.inquire()
    const [found, ...others] = await world.reconciliations.breaks(partner)
    expect(found).toMatchObject({ kind: 'amount-differs' })
    expect(others).toEqual([])
    expect(await world.entries(id)).toEqual(['claimed', 'unknown', 'asked'])
    expect(await eligible()).toEqual([])

    const at = plusSeconds(world.now(), 1)
    const note = 'nobody knows why'
    await world.remarks.remark({ partner, id: found?.id ?? '', at, by: 'ani', note, writtenOffBy: 'budi' })
    expect(await eligible()).toEqual([])

    await world.statement(later(bookedAfter), [])
    expect(await eligible()).toEqual([referenceOf(id)])
  },
)

test('and is settled as paid by the debit that the partner has corrected', async () => {
  const { world, people } = await startWith(unknown())
  const [id = ''] = people
  await world.statement(day, [{ ...lineOf(id), amount: 601_000 }])
  expect(await world.entries(id)).toEqual(['claimed', 'unknown'])
  await world.statement(day, [lineOf(id)])
  expect(await world.entries(id)).toEqual(['claimed', 'unknown', 'disbursed'])
})
