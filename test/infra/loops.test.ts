import { describe, expect, it } from 'vitest'
import { stages } from '../../infra/stages.ts'
import { readBlueprint } from './blueprint.ts'

describe.each(Object.values(stages))('functions of $name', (stage) => {
  const { all, target, permissionsOf } = readBlueprint(stage)
  const functions = Object.entries(all('AWS::Lambda::Function'))
  const feeds = Object.values(all('AWS::Lambda::EventSourceMapping')).map((mapping) => ({
    to: target(mapping.FunctionName),
    queue: target(mapping.EventSourceArn),
  }))

  it('that may send to the queue which feeds them are not taken for a mistake, and no others', () => {
    const circular = functions.filter(([name, { Role }]) => {
      const allowed = permissionsOf(Role)
      return feeds.some(({ to, queue }) => to === name && allowed.includes(`sqs:SendMessage ${queue}`))
    })
    expect(circular.map(([name]) => name)).toEqual([`${stage.name}-jobs`])
    for (const [name, { RecursiveLoop }] of functions) {
      const isCircular = circular.some(([other]) => other === name)
      expect([name, RecursiveLoop]).toEqual([name, isCircular ? 'Allow' : undefined])
    }
  })
})
