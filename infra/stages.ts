import { multiply, type Rupiah, rupiah } from '../shared/domain/rupiah.ts'
import type { SchemeName } from '../shared/domain/scheme.ts'
import type { PartnerConfiguration } from '../shared/partners/configuration.ts'
import { isLoopbackEndpoint, isPublicEndpoint } from '../shared/partners/endpoint.ts'
import { type PartnerName, partnerConfigurations } from '../shared/partners/registry.ts'
import type { Mistake } from './command-line.ts'

const isPartner = (name: string): name is PartnerName => name in partnerConfigurations
/** Every partner has a lane in every stage. */
export const partnerNames = Object.keys(partnerConfigurations).filter(isPartner)

/** What every lane has run each minute: it may have work after whoever changes payouts of any partner. */
export const laneSchedules = partnerNames.flatMap((partner) => [`release-${partner}`, `inquire-${partner}`])

/** What is agreed with a partner at onboarding. */
type Agreed = Pick<PartnerConfiguration, 'ratePerSecond' | 'callDeadlineSeconds'>

/** What a stage decides about one partner. */
export type PartnerSettings = Agreed & {
  /** Where the partner is called: `https://<host>`, with a port or without, no path. */
  readonly endpoint: string
  /** Batches paid at the same time; 2 at least, as SQS demands. */
  readonly payConcurrency: number
}

/** Of the local stage alone, where no treasury puts it there: the float at a partner at the start. */
type FirstFloat = { readonly funding: Rupiah }

/** How long nobody can delete an object: by compliance nobody at all, by governance nobody without a right of its own to do
 *  so. */
export type Lock = { readonly mode: 'compliance' | 'governance'; readonly days: number }

/** One deployment of the whole system, as data. */
export type Stage = {
  /** The first part of every resource's name. */
  readonly name: string
  /** The AWS account it lives in. */
  readonly account: string
  readonly region: 'ap-southeast-3'
  /** The only scheme that certificates give entitlements under, and whose calendar, budget and closing hold. */
  readonly scheme: SchemeName
  /** Who may publish under which event source: the source's AWS account. */
  readonly publishers: Readonly<Record<string, string>>
  /** Shards of every work list. May grow, never shrinks: rows stay in the shard they were written to. */
  readonly shards: number
  /** Batches taken in at the same time, from each of the two intake queues; 2 at least. */
  readonly intakeConcurrency: number
  readonly partners: Readonly<Record<PartnerName, PartnerSettings>>
  /** Memory of `pay` and `inquire`: they wait for partners most of their time, and every waiting megabyte is paid for. Node
   *  and the bundle take 80 (`process.memoryUsage()` after the import). */
  readonly callerMebibytes: number
  /** How many payouts, and how many rupiah, one person may have retried alone in 24 hours, in however many sets: more takes
   *  a second person. */
  readonly approval: { readonly payouts: number; readonly rupiah: Rupiah }
  /** How long changes of status may be gathered before they are published, in seconds; 300 at most. */
  readonly publishWindowSeconds: number
  /** How long entries may be gathered before they are counted, in seconds; 300 at most. */
  readonly totalsWindowSeconds: number
  /** Whether banks are asked for their statements every night; otherwise they send files, as wallets do. */
  readonly fetchesStatements: boolean
  /** Who puts which partner's statements into the bucket: an IAM role by its ARN, or an AWS account by its twelve digits, of
   *  the partner or of whoever transfers for it. AWS takes no policy that names what does not exist. */
  readonly deliverers: Readonly<Partial<Record<PartnerName, string>>>
  /** Of the digests of the audit trail. */
  readonly digestLock: Lock
  /** Of what was said to partners, and what they answered. */
  readonly exchangesLock: Lock
  /** What journal, payouts and the work list take at once without growing first, in units a second; for the first wave. */
  readonly warmThroughput?: { readonly readUnitsPerSecond: number; readonly writeUnitsPerSecond: number }
  /** How long what came over the bus can be replayed, in days. */
  readonly archiveDays: number
  /** What the scheme plans to pay on its busiest day. A day on which more is paid wakes somebody. */
  readonly rupiahPerDay: Rupiah
  /** What AWS may cost on one day, wave and peak day together, before somebody is told. */
  readonly dollarsPerDay: number
  /** Whom alarms wake, by e-mail; whoever else wants them subscribes to the topic. */
  readonly alarmAddress?: string
  /** Data outlive the stack, and neither can be deleted by accident. */
  readonly retain: boolean
  readonly logLevel: 'DEBUG' | 'INFO' | 'WARN'
  readonly logRetentionDays: 7 | 365
}

const billion = rupiah(1_000_000_000)

/** The same for every partner but for its address, with the rate and the deadline of its own configuration unless given here. */
function everyPartner<Same extends Omit<PartnerSettings, keyof Agreed | 'endpoint'> & Partial<Agreed>>(
  endpoints: Readonly<Record<PartnerName, string>>,
  settings: Same,
): Readonly<Record<PartnerName, PartnerSettings & Same>> {
  const settingsOf = (partner: PartnerName): PartnerSettings & Same => {
    const { ratePerSecond, callDeadlineSeconds } = partnerConfigurations[partner]
    return { endpoint: endpoints[partner], ratePerSecond, callDeadlineSeconds, ...settings }
  }
  return {
    bni: settingsOf('bni'),
    gopay: settingsOf('gopay'),
    linkaja: settingsOf('linkaja'),
    ovo: settingsOf('ovo'),
  }
}

/** One machine and no AWS: quick answers, float for some 30,000 participants, and logs that say what writes cost. */
const local: Stage & { readonly partners: Readonly<Record<PartnerName, FirstFloat>> } = {
  name: 'local',
  account: '000000000000',
  region: 'ap-southeast-3',
  scheme: 'prakerja-2020',
  publishers: {
    'prakerja.core': '100000000000',
    'prakerja.platform.tokopedia': '100000000001',
    'prakerja.platform.bukalapak': '100000000002',
    'prakerja.platform.pijar-mahir': '100000000003',
    'prakerja.platform.pintaria': '100000000004',
    'prakerja.platform.mau-belajar-apa': '100000000005',
    'prakerja.platform.sekolah-mu': '100000000006',
    'prakerja.platform.sisnaker': '100000000007',
    'prakerja.platform.ruangguru': '100000000008',
  },
  shards: 1,
  intakeConcurrency: 2,
  partners: everyPartner(
    // Each stands for the simulator's, which takes whichever port is free.
    {
      bni: 'http://127.0.0.1:4001',
      gopay: 'http://127.0.0.1:4002',
      linkaja: 'http://127.0.0.1:4003',
      ovo: 'http://127.0.0.1:4004',
    },
    { ratePerSecond: 500, callDeadlineSeconds: 2, payConcurrency: 2, funding: multiply(billion, 20) },
  ),
  callerMebibytes: 192,
  approval: { payouts: 20, rupiah: rupiah(12_000_000) },
  publishWindowSeconds: 300,
  totalsWindowSeconds: 300,
  fetchesStatements: false,
  deliverers: {},
  digestLock: { mode: 'governance', days: 1 },
  exchangesLock: { mode: 'governance', days: 1 },
  archiveDays: 1,
  rupiahPerDay: multiply(billion, 20),
  dollarsPerDay: 1,
  retain: false,
  logLevel: 'DEBUG',
  logRetentionDays: 7,
}

/** Three of them leap years at the most. */
const tenYears: Lock = { mode: 'compliance', days: 3_653 }

/** The programme. Account numbers, partners' addresses and the alarms' are examples until the real ones are known. */
const production: Stage = {
  name: 'production',
  account: '111122223333',
  region: 'ap-southeast-3',
  scheme: 'prakerja-2020',
  publishers: {
    'prakerja.core': '200000000000',
    'prakerja.platform.tokopedia': '200000000001',
    'prakerja.platform.bukalapak': '200000000002',
    'prakerja.platform.pijar-mahir': '200000000003',
    'prakerja.platform.pintaria': '200000000004',
    'prakerja.platform.mau-belajar-apa': '200000000005',
    'prakerja.platform.sekolah-mu': '200000000006',
    'prakerja.platform.sisnaker': '200000000007',
    'prakerja.platform.ruangguru': '200000000008',
  },
  shards: 32,
  intakeConcurrency: 20,
  partners: everyPartner(
    {
      bni: 'https://api.bni.example',
      gopay: 'https://api.gopay.example',
      linkaja: 'https://api.linkaja.example',
      ovo: 'https://api.ovo.example',
    },
    { payConcurrency: 8 },
  ),
  callerMebibytes: 192,
  approval: { payouts: 100, rupiah: rupiah(60_000_000) },
  publishWindowSeconds: 30,
  // A run of every shard of the stream for every window: a shorter one costs more than finance has of it.
  totalsWindowSeconds: 300,
  fetchesStatements: true,
  deliverers: {},
  // Three times what a wave of 800,000 participants in an hour writes; see the runbook's plan for a wave.
  warmThroughput: { readUnitsPerSecond: 12_000, writeUnitsPerSecond: 24_000 },
  archiveDays: 400,
  // A million payouts, all of them incentives.
  rupiahPerDay: multiply(billion, 600),
  dollarsPerDay: 75,
  alarmAddress: 'on-call@example.org',
  digestLock: tenYears,
  exchangesLock: tenYears,
  retain: true,
  logLevel: 'INFO',
  logRetentionDays: 365,
}

export const stages = { local, production } as const

/** Where partners put their statements. */
export const statementsBucketOf = ({ name, account }: Stage): string =>
  `${name}-disbursement-statements-${account}`

/** What must be written otherwise before the stage can be deployed; `undefined`: nothing. */
export function checkStage({ name, partners }: Stage): Mistake | undefined {
  const isLocal = name === stages.local.name
  const wrong = partnerNames.filter((partner) => {
    const { endpoint } = partners[partner]
    return !isPublicEndpoint(endpoint) && !(isLocal && isLoopbackEndpoint(endpoint))
  })
  if (wrong.length === 0) return undefined
  const form = `https://<host>${isLocal ? ' or http://127.0.0.1:<port>' : ''}, without a path`
  const fields = wrong.map((partner) => `partners.${partner}.endpoint`).join(', ')
  return { mistake: `Stage ${name}: write ${fields} as ${form}, in infra/stages.ts` }
}

/** The stage of that name. A mistake: there is none, or it says something that cannot be deployed. */
export function stageNamed(wanted: string): Stage | Mistake {
  const stage = Object.values(stages).find(({ name }) => name === wanted)
  if (!stage) return { mistake: `There is no stage ${wanted}; --help lists what there is` }
  return checkStage(stage) ?? stage
}
