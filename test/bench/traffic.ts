import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { IncomingMessage } from 'node:http'

/** Requests that a simulated partner has received, counted where they arrive, by the second of virtual time. */
export type Traffic = {
  /** All but those for a token, which have no rate. */
  readonly requests: number
  readonly transfers: number
  /** The most within one second of virtual time. */
  readonly peakPerSecond: number
}

const channel = 'http.server.request.start'
const isTransfer = /\/(?:transfer-intrabank|emoney\/topup)$/

/** Watches what arrives at this address; `stop` gives what has come. `now` is virtual, in epoch milliseconds. */
export function watchTraffic(baseUrl: string, tokenPath: string, now: () => number) {
  const port = Number(new URL(baseUrl).port)
  const seconds = new Map<number, number>()
  let transfers = 0

  function hear(message: unknown): void {
    const isMessage = typeof message === 'object' && message !== null && 'request' in message
    if (!isMessage || !(message.request instanceof IncomingMessage)) return
    const { socket, url = '' } = message.request
    if (socket.localPort !== port || url === tokenPath) return
    const second = Math.floor(now() / 1000)
    seconds.set(second, (seconds.get(second) ?? 0) + 1)
    if (isTransfer.test(url)) transfers += 1
  }

  subscribe(channel, hear)
  return {
    stop(): Traffic {
      unsubscribe(channel, hear)
      const counts = [...seconds.values()]
      const requests = counts.reduce((sum, count) => sum + count, 0)
      return { requests, transfers, peakPerSecond: Math.max(0, ...counts) }
    },
  }
}
