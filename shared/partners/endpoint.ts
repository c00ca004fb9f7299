import * as z from 'zod'

/** A partner's address over TLS: `https://<host>`, with a port or without, and nothing behind it. */
export const isPublicEndpoint = (text: string): boolean =>
  URL.canParse(text) && /^https:\/\/[^/\\?#@\s]+$/.test(text)

/** The address of a partner that is simulated on the same machine, e.g. `http://127.0.0.1:4001`. */
export const isLoopbackEndpoint = (text: string): boolean =>
  URL.canParse(text) && /^http:\/\/(?:127\.0\.0\.1|\[::1\]|localhost)(?::\d+)?$/.test(text)

/** Parses where a partner is called. Nothing leaves the machine without TLS. */
export const endpointSchema = z
  .string()
  .refine(
    (text) => isPublicEndpoint(text) || isLoopbackEndpoint(text),
    'is neither https://<host> nor a loopback address, without a path',
  )
