import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { id, operate, set, words } from './operator.ts'

const event = join(mkdtempSync(join(tmpdir(), 'ops-')), 'event.json')
writeFileSync(event, '{"detail-type":"SurveyCompleted"}')

const payout = (participantId: string, name: string) => ({ participantId, payout: name })

describe('a command becomes the request', () => {
  it.each([
    ['status', 'GET /status', {}],
    ['failed', 'GET /payouts', { query: { list: 'failed', limit: '50' } }],
    [
      'failed --partner bni --reason account-dormant --remedy participant --wave 4 --kind survey --since 2020-10-01 --older-than 14',
      'GET /payouts',
      {
        query: {
          list: 'failed',
          limit: '50',
          partner: 'bni',
          reason: 'account-dormant',
          remedy: 'participant',
          wave: '4',
          kind: 'survey',
          since: '2020-10-01',
          olderThan: '14',
        },
      },
    ],
    [
      'unknown --limit 7 --cursor abc',
      'GET /payouts',
      { query: { list: 'unknown', limit: '7', cursor: 'abc' } },
    ],
    [
      'unknown --eligible --partner ovo',
      'GET /payouts',
      { query: { list: 'unknown', limit: '50', eligible: 'true', partner: 'ovo' } },
    ],
    ['held --all', 'GET /payouts', { query: { list: 'held', limit: '500' } }],
    ['--json waiting', 'GET /payouts', { query: { list: 'waiting', limit: '50' } }],
    ['show P-00017', 'GET /participants/{participantId}', { parameters: { participantId: 'P-00017' } }],
    [
      'show P-00017/survey-1',
      'GET /participants/{participantId}',
      { parameters: { participantId: 'P-00017' } },
    ],
    ['show P-00017-I2-A1', 'GET /participants/{participantId}', { parameters: { participantId: 'P-00017' } }],
    [
      'retry P-1/incentive-2 P-1-S1-A2 P-1/incentive-2',
      'POST /retries/preview',
      { body: { payouts: [payout('P-1', 'incentive-2'), payout('P-1', 'survey-1')] } },
    ],
    [
      'retry --partner bni --reason failed-at-partner --wave 3',
      'POST /retries/preview',
      { body: { filter: { partner: 'bni', reason: 'failed-at-partner', wave: 3 } } },
    ],
    ['retry --all', 'POST /retries/preview', { body: { filter: {} } }],
    [
      'retry --partner bni --cursor abc',
      'POST /retries/preview',
      { body: { filter: { partner: 'bni' }, cursor: 'abc' } },
    ],
    [
      `retry --apply ${set} --reason " BNI is back "`,
      'POST /instructions',
      { body: { instruction: 'retry', set, reason: 'BNI is back' } },
    ],
    ['jobs', 'GET /jobs', {}],
    [`job ${id}`, 'GET /jobs/{id}', { parameters: { id } }],
    [`job stop ${id}`, 'POST /jobs/{id}/stop', { parameters: { id }, body: {} }],
    ['proposals', 'GET /proposals', { query: { limit: '50' } }],
    [`approve ${id}`, 'POST /proposals/{id}/approval', { parameters: { id }, body: {} }],
    [`withdraw ${id}`, 'POST /proposals/{id}/withdrawal', { parameters: { id }, body: {} }],
    ['inquire P-1/survey-3', 'POST /inquiries', { body: { payouts: [payout('P-1', 'survey-3')] } }],
    [
      'hold P-1 --reason doubtful',
      'POST /instructions',
      { body: { instruction: 'hold', subjects: { participantId: 'P-1' }, reason: 'doubtful' } },
    ],
    [
      'unhold P-1/survey-1 P-2/survey-1 --reason fine',
      'POST /instructions',
      {
        body: {
          instruction: 'unhold',
          subjects: { payouts: [payout('P-1', 'survey-1'), payout('P-2', 'survey-1')] },
          reason: 'fine',
        },
      },
    ],
    [
      'cancel P-1-I3-A1 --reason revoked',
      'POST /instructions',
      {
        body: {
          instruction: 'cancel',
          subjects: { payouts: [payout('P-1', 'incentive-3')] },
          reason: 'revoked',
        },
      },
    ],
    [
      'settle P-1-I3-A1 --not-paid --document BNI/4711 --reason "never arrived"',
      'POST /instructions',
      {
        body: {
          instruction: 'settle',
          reference: 'P-1-I3-A1',
          outcome: 'not-paid',
          document: 'BNI/4711',
          reason: 'never arrived',
        },
      },
    ],
    [
      'fund --partner bni --amount Rp1,000,000,000 --document SP2D-1',
      'POST /instructions',
      { body: { instruction: 'fund', partner: 'bni', amount: 1_000_000_000, document: 'SP2D-1' } },
    ],
    [
      'sweep --partner ovo --amount 250000 --document NTPN-7',
      'POST /instructions',
      { body: { instruction: 'sweep', partner: 'ovo', amount: 250_000, document: 'NTPN-7' } },
    ],
    [
      'fee --partner bni --amount Rp2,500 --document INV-1',
      'POST /instructions',
      { body: { instruction: 'fee', partner: 'bni', amount: 2_500, document: 'INV-1' } },
    ],
    ['recovery', 'GET /recoveries', { query: { state: 'open', limit: '100' } }],
    ['recovery --state written-off', 'GET /recoveries', { query: { state: 'written-off', limit: '100' } }],
    [
      'recovered P-1-I3-A1 --document CR-1',
      'POST /instructions',
      { body: { instruction: 'recovered', reference: 'P-1-I3-A1', document: 'CR-1' } },
    ],
    [
      'write-off P-1-I3-A1 --document BA-7 --reason "account closed"',
      'POST /instructions',
      {
        body: {
          instruction: 'write-off',
          reference: 'P-1-I3-A1',
          document: 'BA-7',
          reason: 'account closed',
        },
      },
    ],
    [
      'pause --partner gopay --kind survey --reason maintenance',
      'POST /instructions',
      { body: { instruction: 'pause', partner: 'gopay', kind: 'survey', reason: 'maintenance' } },
    ],
    [
      'resume --programme --reason "all clear"',
      'POST /instructions',
      { body: { instruction: 'resume', reason: 'all clear' } },
    ],
    ['quarantine', 'GET /quarantine', { query: { limit: '50' } }],
    ['quarantine list', 'GET /quarantine', { query: { limit: '50' } }],
    ['quarantine --cursor 3f1c', 'GET /quarantine', { query: { limit: '50', cursor: '3f1c' } }],
    ['quarantine show 3f1c', 'GET /quarantine', { query: { limit: '1', cursor: '3f1c' } }],
    [
      `quarantine resubmit ${set}`,
      'POST /quarantine/{hash}/resubmission',
      { parameters: { hash: set }, body: {} },
    ],
    [
      `quarantine resubmit ${set} --file ${event}`,
      'POST /quarantine/{hash}/resubmission',
      { parameters: { hash: set }, body: { event: '{"detail-type":"SurveyCompleted"}' } },
    ],
    ['breaks', 'GET /breaks', { query: { all: 'false' } }],
    [
      'breaks --partner bni --all --cursor 2020-10-10-0123456789abcdef',
      'GET /breaks',
      { query: { partner: 'bni', all: 'true', cursor: '2020-10-10-0123456789abcdef' } },
    ],
    ['dlq', 'GET /dead-letters', {}],
    ['dlq tidy', 'POST /dead-letters/tidying', { body: {} }],
    [`dlq tidy ${id}`, 'POST /dead-letters/tidying', { body: { messageId: id } }],
    ['held --partner ovo', 'GET /payouts', { query: { list: 'held', partner: 'ovo', limit: '50' } }],
    ['due --partner ovo', 'GET /payouts', { query: { list: 'due', partner: 'ovo', limit: '50' } }],
    ['audit --from 2020-10-01', 'GET /audit', { query: { from: '2020-10-01', to: '2020-10-01' } }],
    [
      'audit --from 2020-10-01 --to 2020-10-31 --verify',
      'GET /audit',
      { query: { from: '2020-10-01', to: '2020-10-31' } },
    ],
  ])('%s', async (line, route, expected) => {
    const { sent } = await operate(words(line))
    const [{ method, path, key, ...request } = { method: '', path: '' }] = sent
    expect(`${method} ${path}`).toBe(route)
    expect({ parameters: {}, query: {}, ...expected }).toEqual(request)
    if (method === 'POST') expect(key).toMatch(/^[0-9a-f-]{36}$/)
    else expect(key).toBeUndefined()
  })
})

describe('where a command goes', () => {
  const url = 'https://abc.execute-api.ap-southeast-3.amazonaws.com/'
  it.each([
    ['status', {}, { data: '.local', person: 'ani', role: 'viewer' }],
    ['status --data kept --as budi', {}, { data: 'kept', person: 'budi', role: 'viewer' }],
    ['retry --all', {}, { data: '.local', person: 'ani', role: 'operator' }],
    [`approve ${id} --as budi`, {}, { data: '.local', person: 'budi', role: 'approver' }],
    [`approve ${id} --role operator`, {}, { data: '.local', person: 'ani', role: 'operator' }],
    [`status --url ${url}`, {}, { url: new URL(url) }],
    [
      'status --profile prod-viewer',
      { OPS_API_URL: url },
      { url: new URL(url), variable: 'OPS_API_URL', profile: 'prod-viewer' },
    ],
    ['status', { OPS_API_URL: url }, { url: new URL(url), variable: 'OPS_API_URL' }],
    ['status --url https://other.example/', { OPS_API_URL: url }, { url: new URL('https://other.example/') }],
    ['status --url http://127.0.0.1:4000', {}, { url: new URL('http://127.0.0.1:4000') }],
  ])('%s with %j', async (line, environment, way) => {
    const { ways } = await operate(words(line), [], { environment })
    expect(ways).toEqual([way])
  })
})
