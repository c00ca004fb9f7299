import { describe, expect, test } from 'vitest'
import { endpointSchema, isLoopbackEndpoint, isPublicEndpoint } from '../../shared/partners/endpoint.ts'

describe('a partner is called', () => {
  test.for([
    ['https://api.partner.example', 'public'],
    ['https://api.partner.example:8443', 'public'],
    ['https://127.0.0.1:8443', 'public'],
    ['http://127.0.0.1:4001', 'loopback'],
    ['http://127.0.0.1', 'loopback'],
    ['http://[::1]:4001', 'loopback'],
    ['http://localhost:4001', 'loopback'],
  ] as const)('at %s, which is %s', ([endpoint, kind]) => {
    expect(endpointSchema.parse(endpoint)).toBe(endpoint)
    expect(isPublicEndpoint(endpoint)).toBe(kind === 'public')
    expect(isLoopbackEndpoint(endpoint)).toBe(kind === 'loopback')
  })

  test.for([
    '',
    'api.partner.example',
    'http://api.partner.example',
    'http://127.0.0.1.partner.example:4001',
    'http://localhost@partner.example',
    'http://127.0.0.2',
    'ftp://api.partner.example',
    'https://',
    'https://api.partner.example/',
    'https://api.partner.example/v1',
    'https://api.partner.example?v=1',
    'https://user@api.partner.example',
    'https://api.partner.example:port',
    'https://api.partner.example\n',
    ' https://api.partner.example',
    'http://127.0.0.1:99999',
  ])('never at %j', (endpoint) => {
    expect(endpointSchema.safeParse(endpoint).success).toBe(false)
  })
})
