import type { Route, Routes } from './route.ts'

export type Match = {
  readonly name: string
  readonly route: Route
  readonly parameters: Readonly<Record<string, string>>
}

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
export function matchRoute(routes: Routes, method: string, path: string): Match | undefined {
  for (const [name, route] of Object.entries(routes)) {
    const parameters = route.method === method ? parametersOf(route.path, path) : undefined
    if (parameters) return { name, route, parameters }
  }
  return undefined
}
