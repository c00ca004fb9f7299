import { generateKeyPairSync } from 'node:crypto'
import { instant } from '../../shared/domain/instant.ts'
import { rupiah } from '../../shared/domain/rupiah.ts'
import type { PartnerConfiguration } from '../../shared/partners/configuration.ts'
import type { Partner, Transfer } from '../../shared/partners/partner.ts'
import { partnerConfigurations } from '../../shared/partners/registry.ts'
import { createSnapPartner } from '../../shared/partners/snap/client.ts'
import { createPost } from '../../shared/partners/snap/http.ts'
import {
  type AnsweringServer,
  type Received,
  type ScriptedAnswer,
  startAnsweringServer,
} from './answering-server.ts'

/** The client against a scripted partner: what the client tests share. */

export const now = instant(Date.UTC(2020, 8, 18, 3, 0, 1))
export const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
export const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()

export const credentials = {
  clientKey: 'PRAKERJA',
  partnerId: 'PRAKERJA-PARTNER',
  clientSecret: 'secret-of-simulator',
  privateKey,
  channelId: '95221',
  sourceAccount: '0115476117',
}

export const walletTransfer: Transfer = {
  partnerReferenceNo: 'P-00017-I1-A1',
  amount: rupiah(600_000),
  transactionDate: now,
  accountNumber: '+6281200000001',
  verifiedName: 'BUDI SANTOSO',
}
export const bankTransfer: Transfer = { ...walletTransfer, accountNumber: '0316031099' }

/** A partner's answer, its HTTP status as its code says. */
export const answered = (responseCode: string, fields: object = {}): ScriptedAnswer => ({
  status: Number(responseCode.slice(0, 3)),
  body: { responseCode, responseMessage: 'as told', ...fields },
})

const grant = { status: 200, body: { responseCode: '2007300', accessToken: 'token-abc', expiresIn: '900' } }

export type ScriptedPartner = {
  readonly partner: Partner
  readonly server: AnsweringServer
  /** The business requests, in order. */
  readonly business: () => readonly Received[]
  readonly tokenRequests: () => readonly Received[]
}

/** A client of a server that grants tokens and answers everything else as told. */
export async function startScriptedPartner(
  answer: (request: Received, nth: number) => ScriptedAnswer,
  configuration: PartnerConfiguration = partnerConfigurations.ovo,
  token: (nth: number) => ScriptedAnswer = () => grant,
): Promise<ScriptedPartner> {
  const asked: Received[] = []
  const tokens: Received[] = []
  const server = await startAnsweringServer((request) => {
    const isToken = request.path === configuration.tokenPath
    const count = (isToken ? tokens : asked).push(request)
    return isToken ? token(count) : answer(request, count)
  })
  let externalIds = 0
  const partner = createSnapPartner({
    configuration,
    credentials,
    post: createPost(server.url),
    externalId: () => `${++externalIds}`,
  })
  return { partner, server, business: () => asked, tokenRequests: () => tokens }
}
