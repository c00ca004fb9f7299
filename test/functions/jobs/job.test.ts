import { describe, expect, test } from 'vitest'
import type { PayoutKey } from '../../../shared/ledger/ports.ts'
import type { Job } from '../../../shared/operations/register.ts'
import { setOf, sortedMembers } from '../../../shared/operations/retry.ts'
import { routes } from '../../../shared/operations/routes.ts'
import { paid, rejected } from '../../domain/examples.ts'
import { answerOf, type Office, openOffice } from '../ops/office.ts'

const id = '6f9619ff-8b86-4011-b42d-00c04fc964ff'

/** A running job over the retry of these payouts, as they are now. */
async function start(office: Office, payouts: readonly PayoutKey[]): Promise<Job> {
  const members = await Promise.all(
    payouts.map(async ({ participantId, payout }) => {
      const [account] = await office.ledger.accounts.read(participantId)
      const { partner = '', version: accountVersion = '' } = account ?? {}
      return { participantId, payout, closedAttempt: 1, accountVersion, partner, amount: 600_000 }
    }),
  )
  const set = setOf(members, office.now())
  await office.register.keepSet(set, sortedMembers(members))
  const { hash, payments } = set
  const job: Job = {
    id,
    set: hash,
    reason: 'mended',
    state: 'running',
    payments,
    cursor: 0,
    retried: 0,
    skipped: {},
    startedBy: 'ani',
    at: office.now(),
    version: 1,
  }
  await office.register.startJob(job)
  return job
}
const first = (participantId: string) => ({ participantId, payout: 'incentive-1' as const })
const jobOf = (office: Office) => office.register.job(id)

/** Hands the members out two at a time, so that a small set has several pages. */
function inSmallPages({ deps, register }: Office): void {
  const members = async (hash: string, cursor: number) => {
    return (await register.members(hash, 0)).slice(cursor, cursor + 2)
  }
  deps.register = { ...register, members }
}

describe('a job', () => {
  test('deals with its set page by page, each message waking it up for the next', async () => {
    const office = await openOffice()
    const ids = [await office.failed(), await office.failed(), await office.failed()]
    await start(office, ids.map(first))
    inSmallPages(office)
    expect(await office.page(id)).toEqual({ state: 'running', retried: 2, changed: 0, unreadable: 0 })
    expect(await jobOf(office)).toMatchObject({ state: 'running', cursor: 2, retried: 2 })
    expect(office.queues.jobs).toEqual([id])
    expect(await office.page(id)).toEqual({ state: 'done', retried: 1, changed: 0, unreadable: 0 })
    expect(await jobOf(office)).toMatchObject({
      state: 'done',
      retried: 3,
      skipped: {},
      endedAt: office.now(),
    })
    expect(office.queues.jobs).toEqual([id])
    for (const participantId of ids) {
      expect(await office.row(participantId)).toMatchObject({ state: 'scheduled' })
      expect(await office.entries(participantId)).toEqual(['claimed', 'rejected', 'retried'])
    }
  })

  test('that died between a page and its cursor does the page again, and counts what it has retried', async () => {
    const office = await openOffice()
    const ids = [await office.failed(), await office.failed(), await office.failed()]
    await start(office, ids.map(first))
    const { register } = office
    office.deps.register = { ...register, changeJob: () => Promise.reject(new Error('died')) }
    await expect(office.page(id)).rejects.toThrow('died')
    office.deps.register = register
    expect(await office.page(id)).toEqual({ state: 'done', retried: 3, changed: 0, unreadable: 0 })
    for (const participantId of ids) {
      expect(await office.entries(participantId)).toEqual(['claimed', 'rejected', 'retried'])
    }
  })

  test('counts what it has retried although that was paid since', async () => {
    const office = await openOffice()
    const failed = await office.failed('gopay', rejected('merchant-refused'))
    await start(office, [first(failed)])
    const { register } = office
    office.deps.register = { ...register, changeJob: () => Promise.reject(new Error('died')) }
    await expect(office.page(id)).rejects.toThrow('died')
    office.lane('gopay').partner.tells({ outcome: 'failed', evidence: {} })
    office.pass(1_050)
    await office.lane('gopay').pay(failed, paid)
    office.deps.register = register
    expect(await office.page(id)).toMatchObject({ retried: 1, changed: 0, unreadable: 0 })
    expect(await office.row(failed)).toMatchObject({ state: 'paid' })
  })

  test('that died between an entry and its row brings the row up to date', async () => {
    const office = await openOffice()
    const failed = await office.failed()
    await start(office, [first(failed)])
    const { ledger } = office
    const project = () => Promise.reject(new Error('died'))
    office.deps.ledger = { ...ledger, participants: { ...ledger.participants, project } }
    await expect(office.page(id)).rejects.toThrow('died')
    expect(await office.row(failed)).toMatchObject({ state: 'failed' })
    office.deps.ledger = ledger
    expect(await office.page(id)).toMatchObject({ state: 'done', retried: 1 })
    expect(await office.row(failed)).toMatchObject({ state: 'scheduled' })
  })

  test('handed out twice retries each payment once and moves on once', async () => {
    const office = await openOffice()
    const ids = [await office.failed(), await office.failed()]
    await start(office, ids.map(first))
    const pages = await Promise.all([office.page(id), office.page(id)])
    expect(pages.map(({ state }) => state).sort()).toEqual(['done', 'over'])
    expect(await jobOf(office)).toMatchObject({ state: 'done', retried: 2, skipped: {} })
    for (const participantId of ids) {
      expect(await office.entries(participantId)).toEqual(['claimed', 'rejected', 'retried'])
    }
    expect(await office.page(id)).toEqual({ state: 'over', retried: 0, changed: 0, unreadable: 0 })
  })

  test.for<[string, (office: Office, participantId: string) => Promise<unknown>]>([
    ['held', (office, participantId) => hold(office, participantId)],
    ['linked to another account', (office, id) => office.link(id, 'ovo', '2020-09-18T10:00:00+07:00')],
    ['retried by another job', (office, id) => retryByOther(office, id)],
  ])('leaves alone what was %s since the set was made', async ([, change]) => {
    const office = await openOffice()
    const [same, changed] = [await office.failed(), await office.failed()]
    await start(office, [first(same), first(changed)])
    await change(office, changed)
    const before = await office.entries(changed)
    expect(await office.page(id)).toEqual({ state: 'done', retried: 1, changed: 1, unreadable: 0 })
    expect(await jobOf(office)).toMatchObject({ retried: 1, skipped: { changed: 1 } })
    expect(await office.entries(changed)).toEqual(before)
  })

  test('leaves alone whoever has a damaged journal, and retries the others', async () => {
    const office = await openOffice()
    const [damaged, whole] = [await office.failed(), await office.failed()]
    await start(office, [first(damaged), first(whole)])
    await office.damage(damaged)
    expect(await office.page(id)).toEqual({ state: 'done', retried: 1, changed: 0, unreadable: 1 })
    expect(await jobOf(office)).toMatchObject({ retried: 1, skipped: { unreadable: 1 } })
    expect((await office.entries(whole)).at(-1)).toBe('retried')
  })

  test('fails its message where the database is away, and goes on afterwards', async () => {
    const office = await openOffice()
    await start(office, [first(await office.failed())])
    const { ledger } = office
    const readAll = () => Promise.reject(new Error('throttled'))
    office.deps.ledger = { ...ledger, journal: { ...ledger.journal, readAll } }
    await expect(office.page(id)).rejects.toThrow('throttled')
    office.deps.ledger = ledger
    expect(await office.page(id)).toMatchObject({ state: 'done', retried: 1 })
  })

  test('judges anew when somebody else was first', async () => {
    const office = await openOffice()
    const failed = await office.failed()
    await start(office, [first(failed)])
    const { ledger } = office
    const append: typeof ledger.journal.append = async (chain, draft) => {
      office.deps.ledger = ledger
      await hold(office, failed)
      return ledger.journal.append(chain, draft)
    }
    office.deps.ledger = { ...ledger, journal: { ...ledger.journal, append } }
    expect(await office.page(id)).toMatchObject({ retried: 0, changed: 1 })
    expect(await office.entries(failed)).toEqual(['claimed', 'rejected', 'held'])
  })

  test('works for a paused lane, too: the payments wait for it', async () => {
    const office = await openOffice()
    const failed = await office.failed()
    await start(office, [first(failed)])
    await office.as('ani', 'operator')('instruct', {
      body: { instruction: 'pause', partner: 'gopay', reason: 'doubt' },
    })
    expect(await office.page(id)).toMatchObject({ retried: 1 })
    expect(await office.row(failed)).toMatchObject({ state: 'scheduled' })
  })

  test('stopped by somebody ends after the page it is busy with, and knows what that has done', async () => {
    const office = await openOffice()
    const ids = [await office.failed(), await office.failed(), await office.failed()]
    await start(office, ids.map(first))
    inSmallPages(office)
    const { ledger } = office
    let stopped = false
    const append: typeof ledger.journal.append = async (chain, draft) => {
      if (!stopped) {
        stopped = true
        const reply = await office.as('budi', 'operator')('stopJob', { parameters: { id } })
        expect(reply).toMatchObject({ status: 200, body: { state: 'stopped' } })
      }
      return ledger.journal.append(chain, draft)
    }
    office.deps.ledger = { ...ledger, journal: { ...ledger.journal, append } }
    expect(await office.page(id)).toEqual({ state: 'stopped', retried: 2, changed: 0, unreadable: 0 })
    expect(office.queues.jobs).toEqual([])
    expect(await jobOf(office)).toMatchObject({ state: 'stopped', cursor: 2, retried: 2 })
    expect(await office.page(id)).toMatchObject({ state: 'over' })
  })

  test('that there is not fails its message', async () => {
    const office = await openOffice()
    await expect(office.page(id)).rejects.toThrow('there is no job')
  })
})

describe('stopping a job', () => {
  test('again changes nothing', async () => {
    const office = await openOffice()
    const failed = await office.failed()
    await start(office, [first(failed)])
    const ani = office.as('ani', 'operator')
    const asked = { parameters: { id } }
    const reply = await ani('stopJob', asked)
    expect(reply).toMatchObject({ status: 200, body: { state: 'stopped' } })
    expect(await ani('stopJob', asked)).toEqual(reply)
    expect(await ani('stopJob', { parameters: { id: 'no-such-job' } })).toMatchObject({ status: 404 })
  })

  test('leaves its set to another job, which once done cannot be stopped', async () => {
    const office = await openOffice()
    const failed = await office.failed()
    const { set } = await start(office, [first(failed)])
    const ani = office.as('ani', 'operator')
    const again = () => ani('instruct', { body: { instruction: 'retry', set, reason: 'after all' } })
    expect(await again()).toMatchObject({ status: 409 })
    await ani('stopJob', { parameters: { id } })
    office.pass(1)
    expect(await again()).toMatchObject({ status: 200, body: { result: 'started' } })
    await office.runJobs()
    expect(await office.entries(failed)).toEqual(['claimed', 'rejected', 'retried'])
    const { id: done = '' } = (await office.register.jobs(1))[0] ?? {}
    expect(await ani('stopJob', { parameters: { id: done } })).toMatchObject({ status: 409 })
  })
})

function hold(office: Office, participantId: string) {
  const subjects = { payouts: [first(participantId)] }
  return office.as('budi', 'operator')('instruct', {
    body: { instruction: 'hold', subjects, reason: 'doubt' },
  })
}

async function retryByOther(office: Office, participantId: string) {
  const body = { payouts: [first(participantId)] }
  const { set } = answerOf(routes.preview, await office.as('budi', 'operator')('preview', { body }))
  await office.as('budi', 'operator')('instruct', { body: { instruction: 'retry', set, reason: 'mine' } })
  await office.runJobs()
}
