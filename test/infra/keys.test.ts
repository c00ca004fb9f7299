import { describe, expect, it } from 'vitest'
import { stages } from '../../infra/stages.ts'
import { readBlueprint } from './blueprint.ts'
import { keyActionsFor } from './key-demands.ts'

const { all, target, keyPermissionsOf } = readBlueprint(stages.production)
const keys = all('AWS::KMS::Key')
const keyNamed = (name: string) => Object.keys(keys).find((id) => id.startsWith(`Keys${name}`)) ?? name

/** By which of the keys a type of resource is encrypted, and where it says so. */
type Encryption = readonly [key: string, keyOf: (properties: ReturnType<typeof Object>) => unknown]
const encrypted: Readonly<Record<string, Encryption>> = {
  'AWS::DynamoDB::Table': ['Data', ({ SSESpecification }) => SSESpecification?.KMSMasterKeyId],
  'AWS::SQS::Queue': ['Data', ({ KmsMasterKeyId }) => KmsMasterKeyId],
  'AWS::Events::EventBus': ['Data', ({ KmsKeyIdentifier }) => KmsKeyIdentifier],
  'AWS::S3::Bucket': [
    'Data',
    ({ BucketEncryption }) =>
      BucketEncryption?.ServerSideEncryptionConfiguration[0].ServerSideEncryptionByDefault.KMSMasterKeyID,
  ],
  'AWS::Logs::LogGroup': ['Logs', ({ KmsKeyId }) => KmsKeyId],
  'AWS::SNS::Topic': ['Logs', ({ KmsMasterKeyId }) => KmsMasterKeyId],
  'AWS::SecretsManager::Secret': ['Secrets', ({ KmsKeyId }) => KmsKeyId],
}

/** What EventBridge sets aside, above all while it is kept from our key. */
const keyless = 'production-undelivered'

describe.each(Object.entries(encrypted))('every %s', (type, [name, keyOf]) => {
  const resources = Object.entries(all(type)).filter(([resource]) => resource !== keyless)
  it.each(resources)('%s is encrypted by the right key', (_, properties) => {
    expect(target(keyOf(properties))).toBe(keyNamed(name))
  })
})

it('a queue that must do without our key is encrypted by one of SQS', () => {
  expect(all('AWS::SQS::Queue')[keyless].SqsManagedSseEnabled).toBe(true)
})

/** Services that use a key in their own name, when nobody of ours asks them to. */
const services = [
  {
    key: 'Data',
    service: 'events.amazonaws.com',
    does: 'rules put events into queues, and the bus keeps them',
  },
  { key: 'Logs', service: `logs.${stages.production.region}.amazonaws.com`, does: 'log groups' },
  { key: 'Logs', service: 'cloudwatch.amazonaws.com', does: 'alarms are told to the topic' },
]

describe('a key', () => {
  it.each(services)('$key is open to $service for this account alone: $does', ({ key, service }) => {
    const { Statement } = keys[keyNamed(key)].KeyPolicy
    const own = Statement.filter(
      ({ Principal }: { Principal: { Service?: string } }) => Principal.Service === service,
    )
    expect(own).not.toEqual([])
    for (const { Condition } of own)
      expect(Condition.StringEquals['aws:SourceAccount']).toBe(stages.production.account)
  })

  it('is open to no other service', () => {
    const open = Object.entries(keys).flatMap(([id, { KeyPolicy }]) =>
      KeyPolicy.Statement.flatMap(({ Principal }: { Principal: { Service?: string } }) =>
        Principal.Service ? [`${id} ${Principal.Service}`] : [],
      ),
    )
    expect([...new Set(open)].sort()).toEqual(
      services.map(({ key, service }) => `${keyNamed(key)} ${service}`).sort(),
    )
  })

  it('turns, and goes by the stage and what it is for', () => {
    for (const key of Object.values(keys)) expect(key).toMatchObject({ EnableKeyRotation: true })
    const aliases = Object.values(all('AWS::KMS::Alias')).map(({ AliasName }) => AliasName)
    expect(aliases.sort()).toEqual(['data', 'logs', 'secrets'].map((name) => `alias/production/${name}`))
  })
})

describe('a role', () => {
  const functions = Object.entries(all('AWS::Lambda::Function'))
  it.each(functions)('of %s may use the keys for exactly what it does', (_, { Role }) => {
    const { actions, keyActions } = keyPermissionsOf(Role)
    const wanted = actions.flatMap((action) => {
      const [service = ''] = action.split(':')
      const key = keyNamed(service === 'secretsmanager' ? 'Secrets' : 'Data')
      return keyActionsFor(action).map((need) => `${need} ${key} via ${service}`)
    })
    expect(keyActions).toEqual([...new Set(wanted)].sort())
  })
})
