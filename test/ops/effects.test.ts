import { describe, expect, it } from 'vitest'
import { paid, pending } from '../domain/examples.ts'
import { type Office, openOffice } from '../functions/ops/office.ts'
import { now, operate, words } from './operator.ts'

/** How a command ends by what the API itself makes of it: the same command again is to be nothing to be afraid of. */

async function give(office: Office, line: string) {
  const args = words(line)
  const [asked] = (await operate(args)).sent
  const route = asked?.path === '/inquiries' ? 'inquire' : 'instruct'
  const { status, body } = await office.as('ani', 'operator')(route, { body: asked?.body })
  const { code, out } = await operate(args, [{ status, body, at: now }])
  return { code, out }
}
const ends = (code: number, outcome: string) => ({ code, out: expect.stringContaining(`  ${outcome}\n`) })

describe('a command that has done nothing ends with 1', () => {
  it('as a hold of what is with the partner already', async () => {
    const office = await openOffice()
    const id = await office.failed('gopay', pending)
    expect(await give(office, `hold ${id}/incentive-1 --reason doubtful`)).toEqual(
      ends(1, 'not stoppable: an attempt is open'),
    )
  })

  it('as a resumption by one person of a lane that has just paused itself', async () => {
    const office = await openOffice()
    await give(office, 'pause --partner gopay --reason maintenance')
    const { ledger } = office.deps
    const itself = { reason: 'unknown-outcomes', since: office.now(), by: 'pay/1' } as const
    let reads = 0
    const read = async (partner: string) => {
      const control = await ledger.lanes.read(partner)
      return reads++ === 0 ? control : { ...control, paused: { incentive: itself, survey: itself } }
    }
    office.deps.ledger = { ...ledger, lanes: { ...ledger.lanes, read } }
    expect(await give(office, 'resume --partner gopay --reason "they are back"')).toEqual(
      ends(1, 'not resumed: it has paused itself, which takes two people to undo'),
    )
  })

  it('as a question about a payout that there is not', async () => {
    expect(await give(await openOffice(), 'inquire P-NOBODY/incentive-1')).toEqual(
      ends(1, 'not found: nobody is entitled to it'),
    )
  })
})

describe('a command that was given before ends with 0', () => {
  it.each([
    ['pause --partner gopay --reason maintenance', 'paused', 'paused already'],
    ['resume --partner ovo --reason "they are back"', 'not paused', 'not paused'],
  ])('as %s', async (line, first, second) => {
    const office = await openOffice()
    expect(await give(office, line)).toEqual(ends(0, first))
    expect(await give(office, line)).toEqual(ends(0, second))
  })

  it.each([
    ['hold', 'held', 'held already'],
    ['unhold', 'not held', 'not held'],
  ])('as a second %s of the same payout', async (verb, first, second) => {
    const office = await openOffice()
    const line = `${verb} ${await office.participant()}/incentive-1 --reason doubtful`
    expect(await give(office, line)).toEqual(ends(0, first))
    expect(await give(office, line)).toEqual(ends(0, second))
  })

  it('as a second question about the same payout', async () => {
    const office = await openOffice()
    const line = `inquire ${await office.failed('gopay', pending)}/incentive-1`
    for (let times = 0; times < 2; times++)
      expect(await give(office, line)).toEqual(ends(0, 'asked with the next run'))
  })
})

it('a command that has done a part of it ends with 0', async () => {
  const office = await openOffice()
  const id = await office.failed('gopay', paid)
  const { code, out } = await give(office, `hold ${id} --reason doubtful`)
  expect(code).toBe(0)
  expect(out).toContain('not stoppable: it is paid\n')
  expect(out).toContain(`${id}/incentive-2  held\n`)
})
