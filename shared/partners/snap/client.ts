import type { Partner } from '../partner.ts'
import { createExchange, type ExchangeDependencies } from './exchange.ts'
import {
  accountRequest,
  balanceRequest,
  balanceService,
  servicesOf,
  statementRequest,
  statementService,
  statusRequest,
  transferRequest,
} from './messages.ts'
import { balanceOf, inquiryOutcome, transferOutcome, verification } from './outcomes.ts'
import { sha256 } from './signature.ts'
import { statementPage } from './statement.ts'

/**
 * A payment partner over SNAP BI, Bank Indonesia's payment API standard
 * (https://apidevportal.bi.go.id/snap/api-services). What differs between partners is configuration.
 */
export function createSnapPartner(dependencies: ExchangeDependencies): Partner {
  const { configuration, credentials, externalId } = dependencies
  const exchange = createExchange(dependencies)
  const { account, transfer, status } = servicesOf(configuration)

  return {
    async verify(details, amount, now) {
      const asked = { number: details.number, amount, reference: externalId(), now }
      const answer = await exchange(account, accountRequest(configuration, asked), now)
      return verification(answer, details, amount, configuration.salutations)
    },
    transfer(asked) {
      const body = transferRequest(configuration, asked, credentials.sourceAccount)
      return {
        body,
        bodyHash: sha256(body),
        send: async (now) => transferOutcome(await exchange(transfer, body, now), asked, now),
      }
    },
    async inquire(question, now) {
      const body = statusRequest(configuration.kind, question)
      return inquiryOutcome(await exchange(status, body, now), question)
    },
    async balance(now) {
      const body = balanceRequest(externalId(), credentials.sourceAccount)
      return balanceOf(await exchange(balanceService, body, now))
    },
    ...(configuration.kind === 'bank' && {
      async bankStatement(range, now) {
        const body = statementRequest(externalId(), credentials.sourceAccount, range)
        return statementPage(await exchange(statementService, body, now))
      },
    }),
  }
}
