import type { Envelope } from '../../infra/local/bus.ts'
import type { BehaviourNumber } from '../../infra/local/partners/behaviours.ts'
import { stage } from '../../infra/local/programme.ts'
import { region } from '../../infra/local/references.ts'
import type { Instant } from '../../shared/domain/instant.ts'
import type { SurveyNumber } from '../../shared/domain/payout.ts'
import { type PartnerName, partnerConfigurations } from '../../shared/partners/registry.ts'

/** An account as its holder writes it down, and so its partner: bank digits, or a wallet in E.164. */
export type TestAccount = {
  readonly partner: PartnerName
  readonly number: string
  readonly holderName: string
}

/** Dates are ISO 8601 with an offset; what is not given happens now. */
export type Person = {
  readonly id: string
  readonly account: TestAccount
  certificate(given?: {
    readonly issuedAt?: string
    readonly certificateId?: string
    readonly platform?: string
    readonly wave?: number
  }): Envelope
  survey(number: SurveyNumber, completedAt?: string): Envelope
  /** Links the person's own account, or another one. */
  link(account?: TestAccount, linkedAt?: string): Envelope
}

export type People = {
  /** A number of the partner's that nobody has yet; its behaviour, if any, is written into it. */
  newAccount(partner: PartnerName, behaviour?: BehaviourNumber): TestAccount
  newcomer(account: TestAccount): Person
}

function numberOf(partner: PartnerName, count: number, behaviour: BehaviourNumber | undefined): string {
  const wallet = partnerConfigurations[partner].kind === 'wallet'
  const serial = String(count).padStart(6, '0')
  if (wallet) return behaviour === undefined ? `+6281200${serial}` : `+62899${behaviour}${serial}`
  return behaviour === undefined ? `1000${serial}` : `999${behaviour}${serial}`
}

/** People who are told apart, and the events that are published about them, dated by `now`. */
export function createPeople(now: () => Instant): People {
  let accounts = 0
  let participants = 0
  let envelopes = 0

  function envelope(detailType: string, source: string, detail: object): Envelope {
    return {
      version: '0',
      id: `event-${++envelopes}`,
      source,
      account: stage.publishers[source] ?? '999999999999',
      time: `${now().slice(0, 19)}Z`,
      region,
      resources: [],
      'detail-type': detailType,
      detail,
    }
  }

  function newcomer(own: TestAccount): Person {
    const id = `P-${String(++participants).padStart(5, '0')}`
    let certificates = 0
    return {
      id,
      account: own,
      certificate({ issuedAt = now(), certificateId, platform = 'tokopedia', wave = 4 } = {}) {
        return envelope('CertificateIssued', `prakerja.platform.${platform}`, {
          certificateId: certificateId ?? `${id}-C${++certificates}`,
          participantId: id,
          wave,
          platform,
          trainingProvider: 'skill-academy',
          trainingId: 'T-1',
          issuedAt,
        })
      },
      survey: (survey, completedAt = now()) =>
        envelope('SurveyCompleted', 'prakerja.core', { participantId: id, survey, completedAt }),
      link({ partner, number: accountNumber, holderName } = own, linkedAt = now()) {
        const account = { partner, accountNumber, holderName }
        return envelope('PayoutAccountLinked', 'prakerja.core', { participantId: id, ...account, linkedAt })
      },
    }
  }

  return {
    newcomer,
    newAccount(partner, behaviour) {
      const number = numberOf(partner, ++accounts, behaviour)
      return { partner, number, holderName: 'SITI RAHAYU' }
    },
  }
}
