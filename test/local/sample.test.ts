import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { generateSample } from '../../infra/local/sample/generate.ts'
import {
  accountOddities,
  deliveryOddities,
  surveyOddities,
  trainingOddities,
} from '../../infra/local/sample/oddities.ts'
import { strays } from '../../infra/local/sample/strays.ts'

const lines = [...generateSample({ participants: 1000, seed: 2020 })]

const Envelope = z.object({ id: z.uuid(), 'detail-type': z.string(), time: z.string(), detail: z.unknown() })
const participantId = z.string().regex(/^P-\d{5}$/)
const Certificate = z.object({
  participantId,
  certificateId: z.string(),
  wave: z.number(),
  platform: z.string(),
  trainingProvider: z.string(),
  trainingId: z.string(),
  issuedAt: z.string(),
})
const Survey = z.object({ participantId, survey: z.number(), completedAt: z.string() })
const Link = z.object({
  participantId,
  partner: z.enum(['bni', 'gopay', 'linkaja', 'ovo']),
  accountNumber: z.string(),
  holderName: z.string(),
  linkedAt: z.string(),
})

/** An event of a participant of the sample; `line` is its place in the file. */
type Seen = { line: number; id: string; time: string; fact: string }

function seen<Detail extends object>(detailType: string, schema: z.ZodType<Detail>): (Seen & Detail)[] {
  return lines.flatMap((text, line) => {
    if (!/^{.*}$/.test(text)) return []
    const { id, time, detail, ...rest } = Envelope.parse(JSON.parse(text))
    const parsed = schema.safeParse(detail)
    if (rest['detail-type'] !== detailType || !parsed.success) return []
    return [{ line, id, time, fact: JSON.stringify(detail), ...parsed.data }]
  })
}
const certificates = seen('CertificateIssued', Certificate)
const surveys = seen('SurveyCompleted', Survey)
const links = seen('PayoutAccountLinked', Link)
const everything: Seen[] = [...certificates, ...surveys, ...links]

/** What happened to one participant: events in file order, and the certificates also by issue. */
const storyOf = (id: string) => {
  const own = certificates.filter((event) => event.participantId === id)
  const issued = own.toSorted((a, b) => (a.issuedAt < b.issuedAt ? -1 : 1))
  return {
    certificates: own,
    issued,
    first: issued[0],
    surveys: surveys.filter((event) => event.participantId === id),
    links: links.filter((event) => event.participantId === id),
  }
}
type Story = ReturnType<typeof storyOf>
const stories = [...new Set(certificates.map((event) => event.participantId))].map(storyOf)

const local = (number: string) => number.replace(/^\+?62/, '0')
const behaviour = (number: string) => /^(?:999|0899)(\d\d)/.exec(local(number))?.[1] ?? ''
const distinct = (values: Iterable<unknown>) => new Set(values).size
const count = <Item>(items: readonly Item[], is: (item: Item) => boolean) => items.filter(is).length
const share = <Item>(items: readonly Item[], is: (item: Item) => boolean) => count(items, is) / items.length
const listed = (oddities: Readonly<Record<string, { perThousand: number }>>) =>
  Object.values(oddities).reduce((sum, { perThousand }) => sum + perThousand, 0)

describe('the same request', () => {
  it('gives the same lines, and another seed others', () => {
    const small = [...generateSample({ participants: 40, seed: 7 })]
    expect([...generateSample({ participants: 40, seed: 7 })]).toEqual(small)
    expect([...generateSample({ participants: 40, seed: 8 })]).not.toEqual(small)
  })

  it('is what the committed sample was made by', () => {
    const committed = readFileSync('infra/local/sample/sample.ndjson', 'utf8')
    const advice = 'npm run sample -- --out infra/local/sample/sample.ndjson'
    expect(committed === `${lines.join('\n')}\n`, advice).toBe(true)
    expect(committed.length).toBeLessThan(4_000_000)
  })
})

describe('the proportions', () => {
  const [early, later] = [
    certificates.filter(({ wave }) => wave <= 3),
    certificates.filter(({ wave }) => wave > 3),
  ]
  const partner = (name: string) => share(links, (link) => link.partner === name)
  const fills = (number: number) =>
    share(stories, (story) => story.surveys.some(({ survey }) => survey === number))
  const before = (link: Seen | undefined, certificate: Seen | undefined) =>
    !!link && !!certificate && link.line < certificate.line && link.time <= certificate.time
  const misbehaves = (story: Story) => story.links.some(({ accountNumber }) => behaviour(accountNumber))

  it.each([
    [
      'ruangguru sells most in waves 1 to 3',
      share(early, ({ platform }) => platform === 'ruangguru'),
      0.5,
      0.68,
    ],
    ['ruangguru is no platform later', share(later, ({ platform }) => platform === 'ruangguru'), 0, 0],
    ['tokopedia leads later', share(later, ({ platform }) => platform === 'tokopedia'), 0.35, 0.48],
    ['waves 4 to 9 accept most', share(certificates, ({ wave }) => wave > 3 && wave < 10), 0.72, 0.88],
    ['a wallet is chosen by three of four', 1 - partner('bni'), 0.7, 0.82],
    ['every wallet has its share', Math.min(partner('linkaja'), partner('ovo'), partner('gopay')), 0.1, 0.3],
    [
      'accounts linked first',
      share(stories, (story) => before(story.links[0], story.certificates[0])),
      0.82,
      0.89,
    ],
    ['surveys filled in, each', Math.min(fills(1), fills(2), fills(3)), 0.79, 0.87],
    ['accounts that misbehave', share(stories, misbehaves), 0.08, 0.1],
  ])('%s', (_, part, least, most) => {
    expect(part).toBeGreaterThanOrEqual(least)
    expect(part).toBeLessThanOrEqual(most)
  })

  it('entitles exactly the participants asked for, from late April to 15 December', () => {
    expect(stories.length).toBe(1000)
    const moments = certificates.map(({ issuedAt }) => issuedAt).sort()
    expect(moments[0]?.slice(0, 9)).toBe('2020-04-2')
    expect(moments.at(-1)).toBe('2020-12-15T23:59:59+07:00')
    expect(distinct(certificates.map(({ wave }) => wave))).toBe(11)
  })

  it('puts everything on the bus in at most 260 instants, few of them at odd hours', () => {
    const times = [...new Set(everything.map(({ time }) => time))]
    expect(times.length).toBeLessThanOrEqual(260)
    expect(count(times, (time) => !time.endsWith('T16:59:30Z'))).toBeLessThanOrEqual(30)
    expect(count(times, (time) => time > '2021')).toBeLessThanOrEqual(6)
  })
})

describe('the numbers of accounts', () => {
  it('are ten digits, or a phone number in one of three spellings', () => {
    const phones = links.filter((link) => link.partner !== 'bni').map((link) => link.accountNumber)
    const bank = links.filter((link) => link.partner === 'bni').map((link) => link.accountNumber)
    expect(bank.filter((number) => !/^\d{10}$/.test(number))).toEqual([])
    expect(phones.filter((number) => !/^(0|62|\+62)8\d{9,11}$/.test(number))).toEqual([])
    for (const start of ['08', '62', '+62'])
      expect(count(phones, (number) => number.startsWith(start))).toBeGreaterThan(50)
  })

  it('make the simulator misbehave in every way that is listed, and in no other', () => {
    const named = Object.values(accountOddities).flatMap((oddity) =>
      'behaviour' in oddity ? oddity.behaviour : [],
    )
    const used = links.map(({ accountNumber }) => behaviour(accountNumber)).filter(Boolean)
    expect(new Set(used)).toEqual(new Set(named))
  })

  it('belong to one participant, but for the one pair that shares', () => {
    const uses = Map.groupBy(links, (link) => `${link.partner} ${local(link.accountNumber)}`)
    const shared = [...uses.values()].filter((use) => distinct(use.map((link) => link.participantId)) > 1)
    expect(shared.map((use) => distinct(use.map((link) => link.accountNumber)))).toEqual([2])
  })
})

describe('what real life contains', () => {
  const repeated = (story: Story, is: (first: Seen, again: Seen) => boolean) => {
    const events: Seen[] = [...story.certificates, ...story.surveys, ...story.links]
    return events.some((a) => events.some((b) => a.line < b.line && a.fact === b.fact && is(a, b)))
  }
  const trainings = ({ issued }: Story) => distinct(issued.map((event) => event.certificateId))
  const on = ({ issued }: Story, moment: RegExp) => issued.some((event) => moment.test(event.issuedAt))
  const partners = (story: Story) => distinct(story.links.map((link) => link.partner))
  const numbers = (story: Story) => distinct(story.links.map((link) => link.accountNumber))
  const failing = (story: Story) => story.links.some((link) => /^1[0-5]/.test(behaviour(link.accountNumber)))
  const daysLate = ({ first, links: [link] }: Story) =>
    first && link ? (Date.parse(link.linkedAt) - Date.parse(first.issuedAt)) / 86_400_000 : 0
  const overtaken = (story: Story) =>
    story.links.some((a) => story.links.some((b) => a.linkedAt < b.linkedAt && a.time > b.time))
  const conflicting = ({ issued }: Story) =>
    issued.some((a) =>
      issued.some((b) => a.certificateId === b.certificateId && a.trainingId !== b.trainingId),
    )
  const elsewhere = ({ first }: Story) =>
    first?.platform === 'tokopedia' && first.trainingProvider === 'skill-academy'

  it.each<[string, number, (story: Story) => boolean]>([
    ['the same event twice', 25, (story) => repeated(story, (a, b) => a.id === b.id)],
    [
      'the same fact in a new event',
      15,
      (story) => repeated(story, (a, b) => a.id !== b.id && a.time < b.time),
    ],
    ['a second training', 150, (story) => trainings(story) === 2],
    ['a third training', 40, (story) => trainings(story) === 3],
    [
      'the later certificate first',
      12,
      ({ first, issued }) => (first?.time ?? '') > (issued.at(-1)?.time ?? ''),
    ],
    ['a certificate at an odd hour', 24, ({ first }) => !first?.time.endsWith('T16:59:30Z')],
    ['another wave later', 2, ({ issued }) => distinct(issued.map(({ wave }) => wave)) === 2],
    ['a certificate id used again', 2, conflicting],
    ['a certificate of 31 August', 1, (story) => on(story, /^2020-08-31/)],
    ['a certificate around midnight', 6, (story) => on(story, /T(23:59:[35]|00:00:(00|29))/)],
    ['a certificate of the last second', 2, (story) => on(story, /^2020-12-15T23:59:59/)],
    ['Skill Academy on Tokopedia', 6, elsewhere],
    [
      'a survey before the certificate',
      20,
      ({ first, surveys: [one] }) => !!one && one.time < (first?.time ?? ''),
    ],
    ['no survey', 150, (story) => story.surveys.length === 0],
    ['no account', 24, (story) => story.links.length === 0],
    ['an account after the second due date', 30, (story) => daysLate(story) > 31],
    ['an account linked in 2021', 6, ({ links: [link] }) => (link?.linkedAt ?? '') > '2021'],
    ['an account linked too late', 1, ({ links: [link] }) => (link?.linkedAt ?? '') > '2021-03-05'],
    ['a changed number', 12, (story) => numbers(story) > 1 && partners(story) === 1],
    ['a changed partner', 12, (story) => partners(story) > 1],
    ['a failing account replaced', 15, (story) => failing(story) && numbers(story) > 1],
    ['an older account published last', 4, overtaken],
  ])('%s', (_, least, is) => {
    expect(count(stories, is)).toBeGreaterThanOrEqual(least)
  })

  it('lines that stand after later ones', () => {
    const times = everything.toSorted((a, b) => a.line - b.line).map(({ time }) => time)
    expect(times.filter((time, index) => time < (times[index - 1] ?? '')).length).toBeGreaterThan(10)
  })

  it('no list names more carriers than there are participants', () => {
    for (const oddities of [trainingOddities, surveyOddities, accountOddities, deliveryOddities])
      expect(listed(oddities)).toBeLessThan(1000)
  })
})

describe('stray lines', () => {
  it('are as many as listed, and the only ones that are not JSON or of no participant', () => {
    const known = new Set(everything.map(({ line }) => line))
    expect(lines.length - known.size).toBe(listed(strays))
    expect(count(lines, (line) => !/^{"version":"0".*}$/.test(line))).toBe(3)
  })

  it.each([
    ['no detail', /"detail":null}/],
    ['no participant', /"detail":{"certificateId":"[^"]*","wave"/],
    ['a wave as text', /"wave":"5"/],
    ['an account number as a number', /"accountNumber":812/],
    ['an unknown platform', /"platform":"kelas-kilat"/],
    ['Ruangguru as a platform of wave 5', /"wave":5,"platform":"ruangguru"/],
    ["another publisher's account", /prakerja\.platform\.tokopedia","account":"100000000002"/],
    ['wave 12', /"wave":12/],
    ['a certificate after the scheme', /"issuedAt":"2020-12-16/],
    ['a day that does not exist', /"issuedAt":"2020-09-31/],
    ['an unknown partner', /"partner":"dana"/],
    ['bad characters in an id', /"participantId":"p_00001#2"/],
    ['letters in an account number', /"accountNumber":"BNI-O12345"/],
  ])('%s', (_, pattern) => {
    expect(count(lines, (line) => pattern.test(line))).toBeGreaterThanOrEqual(1)
  })

  it('issued two days after it is published', () => {
    const field = (line: string, name: string) =>
      Date.parse(RegExp(`"${name}":"([^"]*)"`).exec(line)?.[1] ?? '')
    const ahead = (line: string) => field(line, 'issuedAt') - field(line, 'time') === 2 * 86_400_000
    expect(count(lines, ahead)).toBe(1)
  })
})

describe('the command', () => {
  const command = (...args: string[]) =>
    spawnSync(process.execPath, ['infra/local/sample/generate.ts', ...args], { encoding: 'utf8' })

  it('writes the lines to standard output', () => {
    const written = command('--participants', '12', '--seed', '3').stdout
    expect(written).toBe([...generateSample({ participants: 12, seed: 3 }), ''].join('\n'))
  })

  it.each([
    [['--participants', 'many'], 2],
    [['--participants', '0'], 2],
    [['--seed', '1.5'], 2],
    [['--size', '9'], 2],
    [['--participants', '1', '--out', 'no/such/folder/sample.ndjson'], 1],
  ])('%j is answered in one line, exit code %i', (args, code) => {
    const { status, stderr, stdout } = command(...args)
    expect({ status, stdout, lines: stderr.trim().split('\n').length }).toEqual({
      status: code,
      stdout: '',
      lines: 1,
    })
  })

  it('explains itself', () => expect(command('--help').stdout).toContain('--participants'))
})
