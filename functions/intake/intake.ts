import { createHash } from 'node:crypto'
import type { Draft } from '../../shared/domain/entry.ts'
import { type Certificate, type Entitlement, precedes } from '../../shared/domain/facts.ts'
import type { Instant } from '../../shared/domain/instant.ts'
import { accrualPostings } from '../../shared/domain/postings.ts'
import { type Scheme, schemeNamed } from '../../shared/domain/scheme.ts'
import type { LedgerWithAccounts } from '../../shared/ledger/ports.ts'
import { placeRows } from './placing.ts'
import { type IntakeRefusal, refuse } from './refusals.ts'
import type { CertificateIssued, SurveyCompleted } from './schema.ts'
import { type Accepted, type Screening, screen } from './screen.ts'

export type IntakeDependencies = Omit<Screening, 'now'> & {
  readonly ledger: LedgerWithAccounts
  readonly shards: number
}

/** What became of an event. Every event ends as one of these, and only our own failures throw. */
export type IntakeResult =
  | { readonly outcome: 'accepted' | 'duplicate'; readonly eventType: Accepted['type'] }
  | { readonly outcome: 'quarantined'; readonly reason: IntakeRefusal['reason'] }

/** More lost races than this for one participant are not races. */
const racesMax = 5
/** DynamoDB keeps items up to 400 kB; of a longer body so many bytes are kept. */
const bodyBytesMax = 300_000

type Recorded = 'recorded' | 'duplicate' | IntakeRefusal
type Step = { readonly deps: IntakeDependencies; readonly now: Instant; readonly by: string }

/**
 * Takes in one queue body: screened, recorded as a fact, and only then given effect, so that of two facts that race
 * the later one sees both. The same event again changes nothing.
 */
export async function takeIn(
  deps: IntakeDependencies,
  body: string,
  now: Instant,
  by: string,
): Promise<IntakeResult> {
  const screened = screen(body, { ...deps, now })
  if ('refused' in screened) return quarantine(deps, body, screened.refused, now)
  const recorded = await record({ deps, now, by }, screened.accepted)
  if (typeof recorded !== 'string') return quarantine(deps, body, recorded, now)
  const eventType = screened.accepted.type
  return { outcome: recorded === 'recorded' ? 'accepted' : 'duplicate', eventType }
}

async function quarantine(
  { ledger }: IntakeDependencies,
  body: string,
  { reason, detail }: IntakeRefusal,
  at: Instant,
): Promise<IntakeResult> {
  const bytes = Buffer.from(body)
  const hash = createHash('sha256').update(bytes).digest('hex')
  const kept = bytes.subarray(0, bodyBytesMax).toString()
  await ledger.quarantine.refuse({ hash, reason, detail, body: kept, at })
  return { outcome: 'quarantined', reason }
}

async function record(step: Step, accepted: Accepted): Promise<Recorded> {
  switch (accepted.type) {
    case 'CertificateIssued':
      return recordCertificate(step, accepted.certificate, accepted.scheme)
    case 'SurveyCompleted':
      return recordSurvey(step, accepted.survey)
    case 'PayoutAccountLinked': {
      const recorded = await step.deps.ledger.accounts.link(accepted.link)
      await placeRows(step.deps, accepted.link.participantId)
      return recorded
    }
  }
}

async function recordSurvey({ deps }: Step, survey: SurveyCompleted): Promise<Recorded> {
  const { participantId, survey: number, completedAt } = survey
  const recorded = await deps.ledger.participants.recordSurvey(participantId, number, completedAt)
  if (recorded === 'conflict') return refuse('survey_conflict')
  await placeRows(deps, participantId)
  return recorded
}

/*
 * Two certificates of one participant may arrive together. Each reads the entitlement, decides what it is (first,
 * earlier than the first, or later), and writes under the condition that the entitlement is still as read; the one
 * that comes second finds it changed, reads and decides again.
 */
async function recordCertificate(step: Step, issued: CertificateIssued, scheme: Scheme): Promise<Recorded> {
  const { ledger } = step.deps
  const { participantId, wave, ...certificate } = issued
  for (let race = 0; race < racesMax; race++) {
    const { entitlement } = await ledger.participants.read(participantId)
    if (entitlement && entitlement.wave !== wave) {
      const known = await ledger.participants.knowsCertificate(certificate.certificateId)
      return refuse(known ? 'certificate_conflict' : 'wave_conflict')
    }
    const first = { participantId, wave, scheme: scheme.name, governing: certificate, replacements: 0 }
    const outcome = entitlement
      ? await recordFurther(step, entitlement, certificate)
      : await ledger.participants.entitle(first, accrualOf(step, first))
    if (outcome === 'conflict') return refuse('certificate_conflict')
    if (outcome === 'overtaken') continue
    await placeRows(step.deps, participantId)
    return outcome
  }
  throw new Error(`the entitlement of ${participantId} changed ${racesMax} times`)
}

function recordFurther(step: Step, entitlement: Entitlement, certificate: Certificate) {
  const { participants } = step.deps.ledger
  return precedes(certificate, entitlement.governing)
    ? participants.replaceCertificate(entitlement, certificate, noteOf(step, entitlement, certificate, true))
    : participants.recordCertificate(entitlement, certificate, noteOf(step, entitlement, certificate, false))
}

/** That there is one more certificate, which adds nothing to what the participant may be paid. */
function noteOf(
  { now, by }: Step,
  { participantId, wave }: Entitlement,
  { platform, trainingProvider }: Certificate,
  governs: boolean,
): Draft {
  const event = { type: 'certified', wave, platform, trainingProvider, governs } as const
  return { owner: participantId, subject: 'entitlement', at: now, by, event, postings: [] }
}

/** What the entitlement adds to what the participant may be paid. */
function accrualOf({ now, by }: Step, { participantId, wave, scheme, governing }: Entitlement): Draft {
  const { platform, trainingProvider } = governing
  const event = { type: 'accrued', wave, scheme, platform, trainingProvider } as const
  const postings = accrualPostings(schemeNamed(scheme))
  return { owner: participantId, subject: 'entitlement', at: now, by, event, postings }
}
