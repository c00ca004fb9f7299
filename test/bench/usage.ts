import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import * as z from 'zod'
import { readOptions, readWholeNumber } from '../../infra/command-line.ts'
import type { Usage } from '../../infra/cost/model.ts'
import { startProgramme } from '../../infra/local/programme.ts'
import { partnerNames, stages } from '../../infra/stages.ts'
import { epochMs, instant, parseInstant } from '../../shared/domain/instant.ts'
import { createPeople } from '../support/person.ts'
import { startMeteredEngine } from './metered-engine.ts'

/**
 * `npm run bench:usage [-- --participants N --out FILE]`: what a participant and a payout take of AWS, counted while a
 * wave goes through the whole pipeline on this machine. Everything that is published arrives on the first day of a
 * blackout, so that taking in and paying can be told apart; nothing fails. What the same days take with nobody in the
 * programme, such as the nightly digest, is as much however much is paid, and is left out.
 */

/** More would be due at one instant than their partners' rates let pass in it, while virtual time stands still: payments
 *  have four fifths of them. What is put off is released again, which a partner's real time hardly ever brings about. */
const participantsMax = 320

const published = '2020-12-15T09:00:00+07:00'
const paidUntil = '2021-03-05T23:00:00+07:00'
const surveys = [1, 2, 3] as const

/** Of all threads but this one, which are the functions' and those that serve them. The engine is a process of its own. */
function functionsProcessorMs(): number {
  const [all, own] = [process.cpuUsage(), process.threadCpuUsage()]
  return (all.user + all.system - own.user - own.system) / 1_000
}

/** CloudWatch counts 26 bytes with every line.
 *  https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html */
const lineOverheadBytes = 26
/** START, END and REPORT of one invocation, with the overhead of each. */
const platformBytes = 390

const moment = (text: string) => {
  const at = parseInstant(text)
  if (at === undefined) throw new Error(`${text} is no instant`)
  return at
}

const released = z.object({ count: z.number() })

/** Everything that the functions do, added up. Runs of a schedule are left out: they are as many however much is paid. */
function createTally() {
  const seen = {
    intakeRuns: 0,
    payRuns: 0,
    publishRuns: 0,
    totalsRuns: 0,
    logBytes: 0,
    paid: 0,
    sendRequests: 0,
    events: 0,
    statusEvents: 0,
  }
  return {
    onInvoked(name: string) {
      const work = /-(intake|pay|publish|totals)(-|$)/.exec(name)?.[1]
      if (work === undefined) return
      if (work === 'intake') seen.intakeRuns += 1
      else if (work === 'pay') seen.payRuns += 1
      else if (work === 'publish') seen.publishRuns += 1
      else seen.totalsRuns += 1
      seen.logBytes += platformBytes
    },
    onLog(_name: string, line: string) {
      if (line.includes('"level":"DEBUG"')) return
      seen.logBytes += Buffer.byteLength(line) + lineOverheadBytes
      if (line.includes('"message":"payout settled"') && line.includes('"state":"paid"')) seen.paid += 1
      if (line.includes('"message":"payouts released"'))
        seen.sendRequests += Math.ceil(released.parse(JSON.parse(line)).count / 10)
    },
    onEvent({ account }: { readonly account: string }) {
      if (account === stages.local.account) seen.statusEvents += 1
      else seen.events += 1
    },
    sums: () => ({ ...seen, processorMs: functionsProcessorMs() }),
  }
}
type Counts = Readonly<Record<string, number>>

const less = (now: Counts, before: Counts): Counts =>
  Object.fromEntries(Object.entries(now).map(([name, value]) => [name, value - (before[name] ?? 0)]))

/** Of one participant or payout, to a thousandth. */
const shareOf = (counts: Counts, number: number) => (name: string) =>
  Math.round(((counts[name] ?? 0) / number) * 1000) / 1000

function usageOf(counts: Counts, number: number): Usage {
  const each = shareOf(counts, number)
  return {
    writeUnits: each('writeUnits'),
    readUnits: each('readUnits'),
    databaseRequests: each('requests'),
    invocations: {
      intake: each('intakeRuns'),
      pay: each('payRuns'),
      publish: each('publishRuns'),
      totals: each('totalsRuns'),
    },
    processorMilliseconds: each('processorMs'),
    events: each('events'),
    statusEvents: each('statusEvents'),
    sendRequests: each('sendRequests'),
    objects: each('objects'),
    partnerCalls: each('partnerCalls'),
    logBytes: Math.round(each('logBytes')),
  }
}

/** Objects that were put into buckets; those of the archive of exchanges hold a line for every call of a partner. */
function objectsIn(directory: string) {
  const objects = globSync(join(directory, 'objects', '**', '*.ndjson.gz.data'))
  const exchanges = objects.filter((file) => file.includes('-exchanges-'))
  const texts = exchanges.map((file) => gunzipSync(readFileSync(file)).toString())
  return { objects: objects.length, partnerCalls: texts.join('').split('\n').length - 1 }
}

async function measure(participants: number) {
  const directory = mkdtempSync(join(tmpdir(), 'usage-'))
  const meter = await startMeteredEngine()
  const tally = createTally()
  const programme = await startProgramme({
    startAt: epochMs(moment(published)),
    dataDirectory: directory,
    dynamodbEndpoint: meter.endpoint,
    threads: 2,
    onInvoked: tally.onInvoked,
    onLog: tally.onLog,
    onEvent: tally.onEvent,
  })
  const { stack, partners } = programme
  meter.leadTo(stack.endpoints.dynamodb)
  const counts = (): Counts => ({ ...tally.sums(), ...meter.consumption(), ...objectsIn(directory) })
  try {
    const people = createPeople(() => instant(stack.clock.now()))
    for (let index = 0; index < participants; index += 1) {
      const partner = partnerNames[index % partnerNames.length] ?? 'bni'
      const account = people.newAccount(partner)
      partners.get(partner)?.knowAccount(account.number, account.holderName)
      const person = people.newcomer(account)
      for (const envelope of [
        person.link(),
        person.certificate(),
        ...surveys.map((each) => person.survey(each)),
      ])
        stack.publish(envelope)
    }
    await stack.runUntil(epochMs(moment(published)) + 24 * 3_600_000)
    const takenIn = counts()
    await stack.runUntil(epochMs(moment(paidUntil)))
    return { takenIn, paying: less(counts(), takenIn) }
  } finally {
    await programme.stop()
    await meter.stop()
    rmSync(directory, { recursive: true, force: true })
  }
}

const options = {
  participants: { type: 'string', default: `${participantsMax}` },
  out: { type: 'string' },
} as const

async function main(): Promise<number> {
  const values = readOptions(process.argv.slice(2), options)
  if (values === 'help') {
    console.log('npm run bench:usage [-- --participants N --out FILE]')
    return 0
  }
  const refused = (mistake: string) => {
    console.error(mistake)
    return 2
  }
  if ('mistake' in values) return refused(values.mistake)
  const participants = readWholeNumber('participants', values.participants, {
    least: 1,
    most: participantsMax,
  })
  if (typeof participants === 'object') return refused(participants.mistake)
  const idle = await measure(0)
  const busy = await measure(participants)
  const takenIn = less(busy.takenIn, idle.takenIn)
  const paying = less(busy.paying, idle.paying)
  const payouts = paying.paid ?? 0
  const result = {
    measured: new Date().toISOString().slice(0, 10),
    command: `npm run bench:usage -- --participants ${participants}`,
    participants,
    payouts,
    perParticipant: usageOf(takenIn, participants),
    perPayout: usageOf(paying, payouts),
  }
  const text = `${JSON.stringify(result, undefined, 2)}\n`
  if (values.out !== undefined) writeFileSync(values.out, text)
  else process.stdout.write(text)
  return payouts === participants * 7
    ? 0
    : refused(`only ${payouts} of ${participants * 7} payouts were paid`)
}

process.exitCode = await main()
