import { setTimeout as pause } from 'node:timers/promises'
import { defaultProvider } from '@aws-sdk/credential-provider-node'
import { Sha256 } from '@smithy/core/checksum'
import { SignatureV4 } from '@smithy/signature-v4'
import type { Mistake } from '../command-line.ts'
import { stages } from '../stages.ts'
import { exchange, type Sign } from './http.ts'
import type { Transport } from './transport.ts'

/** The way to the API as it is deployed: HTTPS, signed by the caller's AWS credentials (Signature Version 4). */

const loopback: readonly string[] = ['127.0.0.1', 'localhost', '[::1]']

/** The API's address; nothing but this machine is spoken to in the clear. */
export function readAddress(text: string): URL | Mistake {
  const url = URL.parse(text)
  const fits = url?.protocol === 'https:' || (url?.protocol === 'http:' && loopback.includes(url.hostname))
  return url && fits ? url : { mistake: `“${text}” is no address of the API: it begins with https://` }
}

/** `abc123.execute-api.ap-southeast-3.amazonaws.com` says its region; a name of our own does not. */
const regionOf = ({ hostname }: URL): string =>
  /\.execute-api\.([a-z0-9-]+)\.amazonaws\.com$/.exec(hostname)?.[1] ?? stages.production.region

type Credentials = ReturnType<typeof defaultProvider>

/** Signs requests to API Gateway. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html */
function createSign(region: string, credentials: Credentials): Sign {
  const signer = new SignatureV4({ service: 'execute-api', region, credentials, sha256: Sha256 })
  return async ({ method, url, query, headers, body }) => {
    const { protocol, hostname, pathname: path } = url
    const signed = await signer.sign({
      method,
      protocol,
      hostname,
      path,
      query: { ...query },
      headers: { ...headers },
      body,
    })
    return signed.headers
  }
}

export type RemoteOptions = {
  readonly url: URL
  /** The variable that names the address; absent where the command itself does. */
  readonly variable?: string
  /** Whose AWS credentials it takes. (Default: those that the shell knows.) */
  readonly profile?: string
}

export function openRemote({ url, variable, profile }: RemoteOptions): Transport {
  const credentials = defaultProvider(profile === undefined ? {} : { profile })
  const sign = createSign(regionOf(url), credentials)
  return {
    whileOpen: false,
    ...(variable !== undefined && { where: `At ${url.host}, the address in ${variable}` }),
    async send(route, request) {
      try {
        await credentials()
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error)
        return { unsent: `No AWS credentials: sign in, or choose a profile with --profile (${why})` }
      }
      return exchange(url, route, request, sign)
    },
    pass: () => pause(1_000),
    close: async () => {},
  }
}
