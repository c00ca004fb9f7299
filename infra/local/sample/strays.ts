import type { AccountNumbers } from './accounts.ts'
import {
  certificateIssued,
  envelope,
  type Publication,
  payoutAccountLinked,
  surveyCompleted,
  written,
} from './envelope.ts'
import { at, day, hour, lastCertificate, momentBetween, nextRun, publisherAccounts } from './programme.ts'
import type { Random } from './random.ts'

/** Changes to an event's detail (a field given as undefined is left out) and to its envelope. */
type Writer = (detail?: object, around?: Partial<Publication>) => string

/** Well-formed events of somebody who is no participant of the sample, for a stray line to spoil. */
type Material = {
  readonly certificate: Writer
  readonly survey: Writer
  readonly link: Writer
  readonly publishedAt: number
}
type Stray = {
  /** Lines for every 1,000 participants. */
  readonly perThousand: number
  readonly means: string
  /** When it happened; absent: some day of autumn 2020. */
  readonly moment?: number
  readonly line: (material: Material) => string
}

/**
 * Messages that belong to no participant of the sample. The first two are in order and wait for ever for their
 * certificate; each of the others must end in quarantine. They come from ids of their own (`S-00001`), so the
 * number of entitlements is the number of participants.
 */
export const strays = {
  'account-without-certificate': {
    perThousand: 12,
    means: 'linked, never finished',
    line: ({ link }) => link(),
  },
  'survey-without-certificate': {
    perThousand: 3,
    means: 'filled in, never finished',
    line: ({ survey }) => survey(),
  },
  'not-json': { perThousand: 2, means: 'a line cut off', line: ({ link }) => link().slice(0, 200) },
  'not-json-text': { perThousand: 1, means: 'a page, not JSON', line: () => '<html>502 Bad Gateway</html>' },
  'detail-null': { perThousand: 1, means: 'no detail', line: ({ survey }) => survey({}, { detail: null }) },
  'detail-is-list': {
    perThousand: 1,
    means: 'a list for a detail',
    line: ({ link }) => link({}, { detail: [] }),
  },
  'missing-participant': {
    perThousand: 1,
    means: 'a certificate for nobody',
    line: ({ certificate }) => certificate({ participantId: undefined }),
  },
  'missing-holder': {
    perThousand: 1,
    means: 'no holder',
    line: ({ link }) => link({ holderName: undefined }),
  },
  'wave-as-text': {
    perThousand: 1,
    means: 'wrong type',
    line: ({ certificate }) => certificate({ wave: '5' }),
  },
  'survey-as-text': {
    perThousand: 1,
    means: 'wrong type',
    line: ({ survey }) => survey({ survey: 'first' }),
  },
  'number-as-number': {
    perThousand: 1,
    means: 'wrong type: the leading zero is lost',
    line: ({ link }) => link({ accountNumber: 81_200_000_017 }),
  },
  'fourth-survey': { perThousand: 1, means: 'there are three', line: ({ survey }) => survey({ survey: 4 }) },
  'unknown-platform': {
    perThousand: 1,
    means: 'a platform nobody has contracted',
    line: ({ certificate }) =>
      certificate(
        { platform: 'kelas-kilat' },
        { source: 'prakerja.platform.kelas-kilat', account: '100000000077' },
      ),
  },
  'platform-not-partner': {
    perThousand: 1,
    means: 'Ruangguru as the platform of a wave 5 certificate',
    line: ({ certificate }) =>
      certificate(
        { platform: 'ruangguru', trainingProvider: 'skill-academy', trainingId: 'skill-academy-207' },
        { source: 'prakerja.platform.ruangguru', account: publisherAccounts.ruangguru },
      ),
  },
  'wrong-publisher': {
    perThousand: 1,
    means: "Tokopedia's certificate out of Bukalapak's account",
    line: ({ certificate }) => certificate({}, { account: publisherAccounts.bukalapak }),
  },
  'wrong-platform': {
    perThousand: 1,
    means: 'source and detail name different platforms',
    line: ({ certificate }) => certificate({ platform: 'pintaria' }),
  },
  'core-event-of-platform': {
    perThousand: 1,
    means: 'a platform links an account',
    line: ({ link }) =>
      link({}, { source: 'prakerja.platform.tokopedia', account: publisherAccounts.tokopedia }),
  },
  'unknown-wave': { perThousand: 1, means: 'wave 12', line: ({ certificate }) => certificate({ wave: 12 }) },
  'outside-scheme': {
    perThousand: 2,
    means: 'issued after 15 December 2020',
    moment: lastCertificate + 9 * hour,
    line: ({ certificate }) => certificate(),
  },
  'issued-in-the-future': {
    perThousand: 1,
    means: 'issued two days after it is published',
    line: ({ certificate, publishedAt }) => certificate({ issuedAt: written(publishedAt + 2 * day) }),
  },
  'issued-on-no-day': {
    perThousand: 1,
    means: '31 September',
    line: ({ certificate }) => certificate({ issuedAt: '2020-09-31T10:00:00+07:00' }),
  },
  'issued-without-offset': {
    perThousand: 1,
    means: 'a time that could be any zone',
    line: ({ certificate }) => certificate({ issuedAt: '2020-10-02T10:00:00' }),
  },
  'unknown-partner': {
    perThousand: 2,
    means: 'DANA, too early',
    line: ({ link }) => link({ partner: 'dana' }),
  },
  'unknown-detail-type': {
    perThousand: 1,
    means: 'a word of no contract',
    line: ({ certificate }) => certificate({}, { detailType: 'CertificateRevoked' }),
  },
  'bad-participant-id': {
    perThousand: 1,
    means: 'characters no id has',
    line: ({ certificate }) => certificate({ participantId: 'p_00001#2' }),
  },
  'long-participant-id': {
    perThousand: 1,
    means: '31 characters',
    line: ({ survey }) => survey({ participantId: 'S-'.padEnd(31, '0') }),
  },
  'number-not-digits': {
    perThousand: 1,
    means: 'letters in an account number',
    line: ({ link }) => link({ partner: 'bni', accountNumber: 'BNI-O12345' }),
  },
} as const satisfies Record<string, Stray>

const firstStray = at('2020-09-01T08:00:00+07:00')
const lastStray = at('2020-12-05T20:00:00+07:00')

/** Events of a Tokopedia participant of wave 5 who is none of the sample's. */
function material(participantId: string, stray: Stray, numbers: AccountNumbers, random: Random): Material {
  const moment = stray.moment ?? momentBetween(firstStray, lastStray, random)
  const published = { id: random.uuid(), publishedAt: nextRun(moment) }
  const certificate = certificateIssued(
    {
      certificateId: participantId.replace('S', 'CS').concat('-1'),
      participantId,
      wave: 5,
      platform: 'tokopedia',
      trainingProvider: 'cakap',
      trainingId: 'cakap-118',
      issuedAt: moment,
    },
    published,
  )
  const accountNumber = numbers.ordinary('ovo', random)
  const link = {
    participantId,
    partner: 'ovo',
    accountNumber,
    holderName: 'Orang Contoh',
    linkedAt: moment,
  } as const
  const writer =
    (event: Publication): Writer =>
    (detail, around) =>
      envelope({ ...event, detail: { ...event.detail, ...detail }, ...around })
  return {
    certificate: writer(certificate),
    survey: writer(surveyCompleted({ participantId, survey: 1, completedAt: moment }, published)),
    link: writer(payoutAccountLinked(link, published)),
    publishedAt: published.publishedAt,
  }
}

/** The stray lines that go with that many participants, each with the moment it belongs to in the file. */
export function strayLines(participants: number, numbers: AccountNumbers, random: Random) {
  const every: Stray[] = Object.values(strays)
  const drawn = every.flatMap((stray) =>
    Array.from({ length: Math.round((stray.perThousand * participants) / 1000) }, () => stray),
  )
  return drawn.map((stray, index) => {
    const lent = material(`S-${String(index + 1).padStart(5, '0')}`, stray, numbers, random)
    return { text: stray.line(lent), publishedAt: lent.publishedAt }
  })
}
