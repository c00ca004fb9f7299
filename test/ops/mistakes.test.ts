import { describe, expect, it } from 'vitest'
import { verbs } from '../../infra/ops/verbs.ts'
import { operate, set, words } from './operator.ts'

describe('a mistake is one sentence, and nothing is sent', () => {
  it.each([
    ['', 'Say what to do; --help lists them'],
    ['faild', 'There is no verb “faild”; --help lists them'],
    ['status --speed', "Unknown option '--speed'; --help lists what there is"],
    ['status now', 'status takes nothing but options: “now” is too many'],
    ['status --partner bni', 'status takes no --partner; status --help lists what it takes'],
    ['waiting --partner bni', 'waiting takes no --partner; waiting --help lists what it takes'],
    ...['waiting', 'due', 'unknown'].flatMap((list) => [
      [`${list} --reason daily-limit`, `${list} takes no --reason; ${list} --help lists what it takes`],
      [`${list} --remedy operator`, `${list} takes no --remedy; ${list} --help lists what it takes`],
    ]),
    ['failed --partner dana', '--partner takes one of bni, gopay, linkaja, ovo'],
    ['failed --partner bni --partner ovo', '--partner is given twice: give it once'],
    ['failed --partner=', '--partner takes one of bni, gopay, linkaja, ovo'],
    ['failed --wave four', '--wave takes a whole number from 1 on'],
    ['failed --wave 0', '--wave takes a whole number from 1 on'],
    ['failed --kind bonus', '--kind takes one of incentive, survey'],
    ['failed --remedy me', '--remedy takes one of participant, partner, operator'],
    ['failed --since yesterday', '--since takes a day, written YYYY-MM-DD'],
    ['failed --since 2020-02-30', '--since takes a day, written YYYY-MM-DD'],
    ['failed --older-than -3', "Option '--older-than' argument is ambiguous; --help lists what there is"],
    ['failed --older-than 1.5', '--older-than takes a whole number of days'],
    ...['', ' 7', '1e1', '0x10'].flatMap((days) => [
      [`failed --older-than "${days}"`, '--older-than takes a whole number of days'],
      [`retry --older-than "${days}"`, '--older-than takes a whole number of days'],
      [`failed --wave "${days}"`, '--wave takes a whole number from 1 on'],
      [`failed --limit "${days}"`, '--limit takes a whole number from 1 to 500'],
    ]),
    ['failed --limit 501', '--limit takes a whole number from 1 to 500'],
    ['failed --all --limit 7', '--all and --limit exclude each other: choose one'],
    [
      'show',
      'show takes a participant (P-00017), a payout (P-00017/incentive-2) or a reference (P-00017-I2-A1)',
    ],
    [
      'show p-17',
      '“p-17” is not a participant (P-00017), a payout (P-00017/incentive-2) or a reference (P-00017-I2-A1)',
    ],
    [
      'show P-17/incentive-5',
      '“P-17/incentive-5” is not a participant (P-00017), a payout (P-00017/incentive-2) or a reference (P-00017-I2-A1)',
    ],
    [
      'show P-1/survey-1/x',
      '“P-1/survey-1/x” is not a participant (P-00017), a payout (P-00017/incentive-2) or a reference (P-00017-I2-A1)',
    ],
    [
      'retry',
      'retry takes either payouts such as P-00017/incentive-2, or filters such as --partner bni, or --all',
    ],
    [
      'retry P-1/survey-1 --partner bni',
      'retry takes either payouts such as P-00017/incentive-2, or filters such as --partner bni, or --all',
    ],
    [
      'retry P-1',
      '“P-1” is a whole participant: this takes payouts such as P-00017/incentive-2; show P-1 lists them',
    ],
    ['retry --partner dana', '--partner takes one of bni, gopay, linkaja, ovo'],
    ['retry --kind bonus', '--kind takes one of incentive, survey'],
    [
      'retry P-1/survey-1 --cursor abc',
      '--cursor goes with the filters, or --all, of the preview that has given it',
    ],
    [
      'retry --cursor abc',
      'retry takes either payouts such as P-00017/incentive-2, or filters such as --partner bni, or --all',
    ],
    [
      `retry --apply ${set} --cursor abc --reason repaired`,
      '--apply takes the set as it was previewed: leave out payouts and filters',
    ],
    ['retry --all --wait', '--wait goes with --apply: a preview starts no job'],
    [
      'retry --apply 3f1c --reason repaired',
      '--apply takes the hash that a preview has printed, 64 letters and digits',
    ],
    [
      `retry --apply ${set}`,
      'retry --apply needs --reason: 3 to 200 characters that say why, and no account number',
    ],
    [
      `retry --apply ${set} --reason no`,
      '--reason takes a reason as the list shows it; with --apply 3 to 200 characters that say why, and no account number',
    ],
    [
      `retry --apply ${set} --partner bni --reason repaired`,
      '--apply takes the set as it was previewed: leave out payouts and filters',
    ],
    [
      'hold --reason doubtful',
      'hold takes a participant (P-00017) or up to 1,000 payouts (P-00017/incentive-2)',
    ],
    ['hold P-1', 'hold needs --reason: 3 to 200 characters that say why, and no account number'],
    [
      'hold P-1 P-2 --reason doubtful',
      '“P-1” is a whole participant: this takes payouts such as P-00017/incentive-2; show P-1 lists them',
    ],
    [
      'settle P-1-I1-A1 --document X-1 --reason seen',
      'settle takes either --paid or --not-paid: say what the document shows',
    ],
    [
      'settle P-1-I1-A1 --paid --not-paid --document X-1 --reason seen',
      'settle takes either --paid or --not-paid: say what the document shows',
    ],
    [
      'settle P-1-I1-A1 --paid --reason seen',
      'settle needs --document: 3 to 64 letters, digits, dots, slashes, dashes or underscores',
    ],
    [
      'settle P_1 --paid --document X-1 --reason seen',
      "settle cannot use “P_1”: it takes an attempt's reference, such as P-00017-I2-A1",
    ],
    [
      'fund --partner bni --document X-1',
      'fund needs --amount: whole rupiah, such as 1000000 or Rp1,000,000',
    ],
    ...['0', '-5', '1.5', '1e6', '1.000.000', '1,00', 'Rp', '9007199254740993'].map((amount) => [
      `fund --partner bni --amount=${amount} --document X-1`,
      '--amount takes whole rupiah, such as 1000000 or Rp1,000,000',
    ]),
    [
      'pause --reason maintenance',
      'pause takes either --partner NAME or --programme: say how much of it all',
    ],
    [
      'pause --partner bni --programme --reason maintenance',
      'pause takes either --partner NAME or --programme: say how much of it all',
    ],
    ['approve', 'approve takes the id of a proposal, as proposals lists it'],
    ['approve ../../x', 'approve cannot use “../../x”: it takes the id of a proposal, as proposals lists it'],
    ['quarantine --cursor P-00017', '--cursor takes what the answer before has given'],
    [
      'quarantine show P-17',
      'quarantine show cannot use “P-17”: it takes the hash of a refused event, or how it begins',
    ],
    [
      'quarantine resubmit',
      'quarantine resubmit takes the hash of a refused event, whole, as quarantine lists it',
    ],
    [`quarantine resubmit ${set} --file /nowhere`, '--file /nowhere cannot be read'],
    ['audit', 'audit needs --from: a day, written YYYY-MM-DD'],
    ['status --key 12345678', '--key is for commands that change something'],
    ['dlq tidy --key short', '--key takes 8 to 64 letters, digits and dashes'],
    ['status --url ftp://x', '“ftp://x” is no address of the API: it begins with https://'],
    [
      'status --url http://api.example',
      '“http://api.example” is no address of the API: it begins with https://',
    ],
    [
      'status --url https://api.example --as budi',
      '--as is for this machine: leave it out, or --url and OPS_API_URL',
    ],
    ['status --profile x', '--profile goes with --url: this machine asks for no credentials'],
    ['status --role king', '--role takes one of viewer, operator, approver'],
    ['status --as "Bu di"', '--as takes a name of 2 to 64 letters, digits and + = , . @ - _'],
    ['status --data=', '--data takes the name of a directory'],
  ])('%s', async (line = '', sentence) => {
    const { code, out, err, sent, ways } = await operate(words(line))
    expect({ err, out, code, sent, ways }).toEqual({
      err: `${sentence}\n`,
      out: '',
      code: 2,
      sent: [],
      ways: [],
    })
  })
})

describe('options', () => {
  it('have a value in every verb or in none, so that words can be told from values', () => {
    const all = verbs.flatMap(({ options = {} }) => Object.entries(options))
    const forms = Map.groupBy(all, ([name]) => name)
    const mixed = [...forms].filter(
      ([, uses]) => new Set(uses.map(([, { value }]) => value !== undefined)).size > 1,
    )
    expect(mixed.map(([name]) => name)).toEqual([])
  })

  it('with a value say what they take', () => {
    const silent = verbs.flatMap(({ options = {} }) =>
      Object.entries(options).filter(([, { value, takes }]) => value !== undefined && takes === undefined),
    )
    expect(silent).toEqual([])
  })
})
