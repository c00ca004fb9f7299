import { jakartaTimestamp } from '../../../shared/domain/instant.ts'
import { asInstant, type Partner, type Platform, publisherAccounts } from './programme.ts'

/** One event as its publisher puts it on the bus. Times here and below are epoch milliseconds. */
export type Publication = {
  readonly id: string
  readonly publishedAt: number
  readonly detailType: string
  readonly source: string
  /** The publisher's AWS account. */
  readonly account: string
  readonly detail: object | null
}

/** When and under which id something is published. */
export type Published = { readonly id: string; readonly publishedAt: number }

export type Certificate = {
  readonly certificateId: string
  readonly participantId: string
  readonly wave: number
  readonly platform: Platform
  readonly trainingProvider: string
  readonly trainingId: string
  readonly issuedAt: number
}
export type Survey = { readonly participantId: string; readonly survey: number; readonly completedAt: number }
export type Link = {
  readonly participantId: string
  readonly partner: Partner
  readonly accountNumber: string
  readonly holderName: string
  readonly linkedAt: number
}

/** Jakarta time with its offset, `2020-09-18T10:00:01+07:00`, as every event's detail has it. */
export const written = (moment: number): string => jakartaTimestamp(asInstant(moment))

const fromCore = { source: 'prakerja.core', account: publisherAccounts.core }

export const certificateIssued = (certificate: Certificate, published: Published): Publication => ({
  ...published,
  detailType: 'CertificateIssued',
  source: `prakerja.platform.${certificate.platform}`,
  account: publisherAccounts[certificate.platform],
  detail: { ...certificate, issuedAt: written(certificate.issuedAt) },
})

export const surveyCompleted = (survey: Survey, published: Published): Publication => ({
  ...published,
  ...fromCore,
  detailType: 'SurveyCompleted',
  detail: { ...survey, completedAt: written(survey.completedAt) },
})

export const payoutAccountLinked = (link: Link, published: Published): Publication => ({
  ...published,
  ...fromCore,
  detailType: 'PayoutAccountLinked',
  detail: { ...link, linkedAt: written(link.linkedAt) },
})

/** The EventBridge envelope, one line of JSON without its line end. */
export const envelope = ({ id, publishedAt, detailType, source, account, detail }: Publication): string =>
  JSON.stringify({
    version: '0',
    id,
    'detail-type': detailType,
    source,
    account,
    time: asInstant(publishedAt).replace('.000Z', 'Z'),
    region: 'ap-southeast-3',
    resources: [],
    detail,
  })
