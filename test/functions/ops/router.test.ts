import { expect, test } from 'vitest'
import type { Route } from '../../../shared/api/route.ts'
import { matchRoute } from '../../../shared/api/router.ts'
import { routes } from '../../../shared/operations/routes.ts'

const filled = (path: string) => path.replace(/\{\w+\}/g, 'some-1')

test.for(Object.entries<Route>(routes))(
  '%s is found by its method and path, and by no other',
  ([name, route]) => {
    const other = route.method === 'GET' ? 'POST' : 'GET'
    expect(matchRoute(routes, route.method, filled(route.path))?.name).toBe(name)
    expect(matchRoute(routes, other, filled(route.path))?.name).not.toBe(name)
  },
)

test('a path gives its parameters', () => {
  expect(matchRoute(routes, 'GET', '/participants/P-1')).toMatchObject({
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
  expect(matchRoute(routes, method, path)).toBeUndefined()
})
