import { expect, test } from 'vitest'
import { matchRoute } from '../../../functions/ops/router.ts'
import { type Route, routes } from '../../../shared/operations/routes.ts'

const filled = (path: string) => path.replace(/\{\w+\}/g, 'some-1')

test.for(Object.entries<Route>(routes))(
  '%s is found by its method and path, and by no other',
  ([name, route]) => {
    const other = route.method === 'GET' ? 'POST' : 'GET'
    expect(matchRoute(route.method, filled(route.path))?.name).toBe(name)
    expect(matchRoute(other, filled(route.path))?.name).not.toBe(name)
  },
)

test('a path gives its parameters', () => {
  expect(matchRoute('GET', '/participants/P-1')).toEqual({
    name: 'show',
    parameters: { participantId: 'P-1' },
  })
})

test.for<[string, string]>([
  ['GET', '/'],
  ['GET', ''],
  ['GET', '/statuses'],
  ['GET', '/status/'],
  ['GET', '//status'],
  ['GET', '/status/P-1'],
  ['get', '/status'],
  ['DELETE', '/payouts'],
  ['GET', '/participants'],
  ['POST', '/proposals/x/approval/y'],
  ['GET', '/__proto__'],
])('%s %s is no route', ([method, path]) => {
  expect(matchRoute(method, path)).toBeUndefined()
})
