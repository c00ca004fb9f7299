/** Events as EventBridge puts them into a queue. */

/** The account that may publish under each source, as in the local stage. */
export const publishers = {
  'prakerja.core': '100000000000',
  'prakerja.platform.tokopedia': '100000000001',
  'prakerja.platform.bukalapak': '100000000002',
  'prakerja.platform.ruangguru': '100000000008',
} as const
export type Source = keyof typeof publishers

/** What EventBridge puts beside what is published. */
export const delivery = {
  version: '0',
  id: '6f1d2c3b-0a4e-4c5d-8e7f-9a0b1c2d3e4f',
  time: '2020-09-18T03:00:00Z',
  region: 'ap-southeast-3',
} as const

/** An event; tests replace parts of it by what must be refused. */
export type Envelope = Readonly<Record<keyof typeof delivery, string>> & {
  readonly 'detail-type': string
  readonly source: string
  readonly account: string
  readonly detail: Readonly<Record<string, unknown>>
}

/** A change of an event's detail. */
export type Change = Readonly<Record<string, unknown>>

const envelope = (type: string, source: Source, detail: Change): Envelope => ({
  ...delivery,
  'detail-type': type,
  source,
  account: publishers[source],
  detail,
})

export const issuedAt = '2020-09-18T10:00:00+07:00'

export const certificateIssued = (participantId: string, change: Change = {}): Envelope =>
  envelope('CertificateIssued', 'prakerja.platform.tokopedia', {
    certificateId: `C-${participantId}`,
    participantId,
    wave: 5,
    platform: 'tokopedia',
    trainingProvider: 'skill-academy',
    trainingId: 'T-0001',
    issuedAt,
    ...change,
  })

export const surveyCompleted = (participantId: string, change: Change = {}): Envelope =>
  envelope('SurveyCompleted', 'prakerja.core', {
    participantId,
    survey: 1,
    completedAt: '2020-09-18T09:00:00+07:00',
    ...change,
  })

export const accountLinked = (participantId: string, change: Change = {}): Envelope =>
  envelope('PayoutAccountLinked', 'prakerja.core', {
    participantId,
    partner: 'gopay',
    accountNumber: '081234567890',
    holderName: 'Budi Santoso',
    linkedAt: '2020-09-01T10:00:00+07:00',
    ...change,
  })
