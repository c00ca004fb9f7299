import type { FunctionDescription } from './template.ts'

/**
 * The functions with other addresses in their variables: of what the template calls by an address, and this machine
 * has elsewhere. Throws at an address that no function is given.
 */
export function moveAddresses(
  functions: readonly FunctionDescription[],
  moved: Readonly<Record<string, string>>,
): readonly FunctionDescription[] {
  const given = new Set(functions.flatMap(({ Environment }) => Object.values(Environment?.Variables ?? {})))
  const unknown = Object.keys(moved).filter((address) => !given.has(address))
  if (unknown.length > 0) throw new Error(`the template gives no function the address ${unknown.join(', ')}`)
  return functions.map((description) => {
    const { Environment } = description
    if (!Environment) return description
    const variables = Object.entries(Environment.Variables).map(([name, value]) => [
      name,
      moved[value] ?? value,
    ])
    return { ...description, Environment: { Variables: Object.fromEntries(variables) } }
  })
}
