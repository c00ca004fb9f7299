import { expect, test } from 'vitest'
import { moveAddresses } from '../../infra/local/addresses.ts'

const described = (FunctionName: string, Variables?: Readonly<Record<string, string>>) => ({
  FunctionName,
  entry: `functions/${FunctionName}/handler.ts`,
  Handler: 'index.handler' as const,
  MemorySize: 128,
  Timeout: 10,
  ...(Variables && { Environment: { Variables } }),
})
const functions = [
  described('pay', { PARTNER: 'ovo', PARTNER_ENDPOINT: 'http://127.0.0.1:4004' }),
  described('inquire', { PARTNER: 'bni', PARTNER_ENDPOINT: 'http://127.0.0.1:4001' }),
  described('idle'),
]

test('every function that is told an address is told where that is on this machine, and nothing else changes', () => {
  const moved = moveAddresses(functions, { 'http://127.0.0.1:4004': 'http://127.0.0.1:51234' })
  expect(moved).toEqual([
    described('pay', { PARTNER: 'ovo', PARTNER_ENDPOINT: 'http://127.0.0.1:51234' }),
    ...functions.slice(1),
  ])
  expect(moveAddresses(functions, {})).toEqual(functions)
})

test('an address that no function is told is refused: somebody would be called in vain', () => {
  const moved = { 'http://127.0.0.1:4009': 'http://127.0.0.1:51234' }
  expect(() => moveAddresses(functions, moved)).toThrow('gives no function the address http://127.0.0.1:4009')
})
