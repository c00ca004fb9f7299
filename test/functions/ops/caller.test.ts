import { expect, test } from 'vitest'
import { callerOf } from '../../../shared/api/caller.ts'

const home = { stage: 'production', account: '111122223333' }
const sts = 'arn:aws:sts::111122223333'
const nobody = { role: 'viewer' }

test.for([
  ['viewer', { role: 'viewer', name: 'ani' }],
  ['operator', { role: 'operator', name: 'ani' }],
  ['approver', { role: 'approver', name: 'ani' }],
] as const)('a session of the role %s is its person', ([role, caller]) => {
  expect(callerOf(`${sts}:assumed-role/production-${role}/ani`, home)).toEqual(caller)
})

test('one person is one person, however the name is written', () => {
  const [first, second] = ['Ani.S@Example', 'ANI.s@example'].map((name) =>
    callerOf(`${sts}:assumed-role/production-operator/${name}`, home),
  )
  expect(first).toEqual({ role: 'operator', name: 'ani.s@example' })
  expect(second).toEqual(first)
})

test.for<[string, string | undefined]>([
  ['nobody at all', undefined],
  ['an empty ARN', ''],
  ['a user without a role', 'arn:aws:iam::111122223333:user/ani'],
  ['a user called like a role', 'arn:aws:iam::111122223333:user/production-approver/ani'],
  ['root', 'arn:aws:iam::111122223333:root'],
  ['the role itself', 'arn:aws:iam::111122223333:role/production-operator'],
  ['a federated user', `${sts}:federated-user/ani`],
  ['another role', `${sts}:assumed-role/administrator/ani`],
  ['a role of another stage', `${sts}:assumed-role/local-operator/ani`],
  ['a role that begins alike', `${sts}:assumed-role/production-operators/ani`],
  ['a role that ends alike', `${sts}:assumed-role/my-production-operator/ani`],
  ['a role in other capitals', `${sts}:assumed-role/production-Operator/ani`],
  ['another account', 'arn:aws:sts::999999999999:assumed-role/production-operator/ani'],
  ['another partition', 'arn:aws-cn:sts::111122223333:assumed-role/production-operator/ani'],
  [
    'a region, which STS does not name',
    'arn:aws:sts:ap-southeast-3:111122223333:assumed-role/production-operator/ani',
  ],
  ['another service', 'arn:aws:iam::111122223333:assumed-role/production-operator/ani'],
  ['no session', `${sts}:assumed-role/production-operator`],
  ['an empty session', `${sts}:assumed-role/production-operator/`],
  ['a session that is too short', `${sts}:assumed-role/production-operator/a`],
  ['a session that is too long', `${sts}:assumed-role/production-operator/${'a'.repeat(65)}`],
  ['a second session', `${sts}:assumed-role/production-operator/ani/budi`],
  ['a session with a space', `${sts}:assumed-role/production-operator/ani budi`],
  ['a session with a line end', `${sts}:assumed-role/production-operator/ani\n`],
  ['a session with a line before it', `x\n${sts}:assumed-role/production-operator/ani`],
  ['a session with a key separator', `${sts}:assumed-role/production-operator/ani#budi`],
  ['a letter that looks alike', `${sts}:assumed-role/production-operator/аni`],
  ['something before the ARN', ` ${sts}:assumed-role/production-operator/ani`],
])('%s may only look and has no name', ([, arn]) => {
  expect(callerOf(arn, home)).toEqual(nobody)
})
