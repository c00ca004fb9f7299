import { describe, expect, it } from 'vitest'
import type { AccountRecord } from '../../infra/local/audit/holdings.ts'
import { judgePayouts } from '../../infra/local/audit/payouts.ts'
import { plusSeconds } from '../../shared/domain/instant.ts'
import { rupiah } from '../../shared/domain/rupiah.ts'
import { participantId } from '../domain/examples.ts'
import { storyIn } from '../domain/states.ts'
import { createStory, type Story } from '../domain/story.ts'
import { movementBreaks, undone } from './dues.ts'
import { booksOf, gopay, holdingsOf, jakarta, known, named, number, reference } from './examples.ts'

describe('money moves', () => {
  const subject = `movement ${participantId} incentive-1`
  const otherwise = 'other than was claimed'
  const second: AccountRecord = { ...gopay, version: '2', number: '+628120000002' }
  const moved = (story: Story, books = booksOf([{}]), accounts = [gopay]) => {
    const holdings = holdingsOf([story], { ...known, accounts })
    return movementBreaks(holdings, judgePayouts(holdings, 1), books)
  }

  it.each<[string, ReturnType<typeof booksOf>, AccountRecord[], readonly string[]]>([
    ['as was claimed', booksOf([{}]), [gopay], []],
    ['and comes back', booksOf([{}, { direction: 'credit' }]), [gopay], []],
    ['not at all', booksOf([]), [gopay], []],
    ['by another rupiah', booksOf([{ amount: rupiah(600_001) }]), [gopay], [subject]],
    ['at another partner', booksOf([{}], 'ovo'), [gopay], [subject]],
    ['to another number', booksOf([{ accountNumber: second.number }]), [gopay], [subject]],
    [
      'to the number of another version',
      booksOf([{ accountNumber: second.number }]),
      [gopay, second],
      [subject],
    ],
    ['to the number of the claimed version', booksOf([{}]), [second, gopay], []],
    ['to an account that nobody has linked', booksOf([{}]), [second], [subject]],
    ['under a reference of nobody', booksOf([{ partnerReferenceNo: 'P-1' }]), [gopay], ['movement ']],
    ['back by another rupiah', booksOf([{}, { direction: 'credit', amount: rupiah(1) }]), [gopay], [subject]],
  ])('%s', (_, books, accounts, problems) => {
    const found = moved(storyIn.paid(), books, accounts)
    expect(named(found)).toEqual(problems)
    for (const { detail } of found) expect(detail).toContain(otherwise)
  })

  it.each<[string, () => Story, string?]>([
    ['rejected', storyIn.failed, 'is rejected, yet it has moved money'],
    ['deferred', storyIn.scheduled, 'is deferred, yet it has moved money'],
    ['sending', storyIn.sending],
    ['pending', storyIn.pending],
    ['unknown', storyIn.unknown],
    ['paid', storyIn.paid],
    ['returned', storyIn.returned],
  ])('for an attempt that is %s', (_, tell, detail) => {
    const problems = detail === undefined ? [] : [{ check: 'movement', detail: `${reference} ${detail}` }]
    expect(moved(tell())).toMatchObject(problems)
  })
})

describe('nobody has paid', () => {
  const wrong = [`unpaid ${participantId} incentive-1`]
  const verified: AccountRecord = { ...gopay, verification: { outcome: 'verified', name: 'Orang Contoh' } }
  const lately: AccountRecord = { ...gopay, linkedAt: jakarta('2020-09-20T10:00:00') }
  const nothing = () => createStory()
  const late = '2020-09-21T00:00:00'
  it.each<[string, () => Story, AccountRecord, string, string, readonly string[]]>([
    ['what is due for days', nothing, gopay, late, '', wrong],
    ['what is due for less', nothing, gopay, '2020-09-20T23:59:59', '', []],
    ['what may be paid again for days', storyIn.scheduled, gopay, '2020-09-22T00:00:00', '', wrong],
    ['what may be paid again for less', storyIn.scheduled, gopay, '2020-09-21T23:59:59', '', []],
    ['into what was linked days ago', nothing, lately, '2020-09-23T10:00:00', '', wrong],
    ['into what was linked lately', nothing, lately, '2020-09-23T09:59:59', '', []],
    ['into what its partner plays tricks with', nothing, gopay, late, `gopay ${number}`, []],
    ['into what its partner has verified', nothing, verified, late, `gopay ${number}`, wrong],
    ['into what another partner plays tricks with', nothing, gopay, late, `ovo ${number}`, wrong],
    ['what has failed', storyIn.failed, gopay, late, '', []],
    ['what is held', storyIn.held, gopay, late, '', []],
    ['what is pending', storyIn.pending, gopay, late, '', []],
    ['what is cancelled', storyIn.cancelled, gopay, late, '', []],
  ])('%s', (_, tell, linkedAccount, now, trick, problems) => {
    const holdings = holdingsOf([tell()], { ...known, accounts: [linkedAccount] })
    const tricky = (partner: string, of: string) => `${partner} ${of}` === trick
    const liveness = { now: jakarta(now), tricky, books: booksOf([]) }
    expect(named(undone(holdings, judgePayouts(holdings, 1), liveness))).toEqual(problems)
  })

  it('into the account that was linked last, whatever is played with one before it', () => {
    const second = { ...gopay, version: '2', number: '+628120000002' }
    const holdings = holdingsOf([], { ...known, accounts: [gopay, second] })
    const found = (trick: string) => {
      const tricky = (_: string, of: string) => of === trick
      return named(
        undone(holdings, judgePayouts(holdings, 1), { now: jakarta(late), tricky, books: booksOf([]) }),
      )
    }
    expect(found(number)).toEqual(wrong)
    expect(found(second.number)).toEqual([])
  })

  it('into an account that is not there', () => {
    const judged = judgePayouts(holdingsOf([]), 1)
    const liveness = { now: jakarta(late), tricky: () => false, books: booksOf([]) }
    expect(undone(holdingsOf([], { ...known, accounts: [] }), judged, liveness)).toEqual([])
    expect(undone({ ...holdingsOf([]), participants: new Map() }, judged, liveness)).toEqual([])
  })
})

describe('nobody has written down', () => {
  const days = 16 * 86_400
  const sentAt = jakarta('2020-09-18T10:00:01')
  const resent = (): Story => {
    const story = storyIn.unknown()
    story.wait(1)
    story.write({ type: 'resent', attempt: 1, until: plusSeconds(story.now(), 150), evidence: {} })
    return story
  }
  const settled = booksOf([{}])
  const unsettled = booksOf([])
  it.each<[string, () => Story, ReturnType<typeof booksOf>, number, string?]>([
    ['what became of a send', storyIn.sending, unsettled, 0, `is being sent since ${sentAt}`],
    ['what became of a send that is paid', storyIn.sending, settled, 0, `is being sent since ${sentAt}`],
    ['what became of a send lately', storyIn.sending, settled, -1],
    ['what became of a second send', resent, unsettled, 1, `is being sent since ${plusSeconds(sentAt, 1)}`],
    ['what became of a second send lately', resent, unsettled, 0],
    [
      'that what is pending is paid',
      storyIn.pending,
      settled,
      0,
      `is pending since ${sentAt}, and gopay has paid it`,
    ],
    [
      'that what is unknown is paid',
      storyIn.unknown,
      settled,
      0,
      `is unknown since ${sentAt}, and gopay has paid it`,
    ],
    ['that it is paid, lately', storyIn.pending, settled, -1],
    ['what is not paid', storyIn.pending, unsettled, 0],
    ['what has come back', storyIn.pending, booksOf([{}, { direction: 'credit' }]), 0],
    ['what another partner has paid', storyIn.pending, booksOf([{}], 'ovo'), 0],
    ['what a partner has paid whose book nobody has', storyIn.pending, new Map(), 0],
    ['what is paid already', storyIn.paid, settled, 0],
    ['what is rejected', storyIn.failed, settled, 0],
  ])('%s', (_, tell, books, seconds, detail) => {
    const holdings = holdingsOf([tell()])
    const now = plusSeconds(sentAt, days + seconds)
    const problems =
      detail === undefined
        ? []
        : [{ check: 'unsettled', subject: `${participantId} incentive-1`, detail: `${reference} ${detail}` }]
    expect(undone(holdings, judgePayouts(holdings, 1), { now, tricky: () => false, books })).toEqual(problems)
  })
})
