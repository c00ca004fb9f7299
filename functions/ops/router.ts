import { type RouteName, routes } from '../../shared/operations/routes.ts'

export type Match = { readonly name: RouteName; readonly parameters: Readonly<Record<string, string>> }

const isRouteName = (name: string): name is RouteName => name in routes
const names = Object.keys(routes).filter(isRouteName)

/** What a path gives a template's `{parameters}`; `undefined` where it does not fit. */
function parametersOf(template: string, path: string): Readonly<Record<string, string>> | undefined {
  const [wanted, given] = [template.split('/'), path.split('/')]
  if (wanted.length !== given.length) return undefined
  const parameters: Record<string, string> = {}
  for (const [index, segment] of wanted.entries()) {
    const value = given[index] ?? ''
    if (segment.startsWith('{')) parameters[segment.slice(1, -1)] = value
    else if (segment !== value) return undefined
  }
  return parameters
}

/** The route that a request is for, by method and path; `undefined` when there is none. */
export function matchRoute(method: string, path: string): Match | undefined {
  for (const name of names) {
    const parameters = routes[name].method === method ? parametersOf(routes[name].path, path) : undefined
    if (parameters) return { name, parameters }
  }
  return undefined
}
