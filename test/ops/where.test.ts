import { expect, it } from 'vitest'
import { openRemote } from '../../infra/command/remote.ts'
import { now, ok, operate } from './operator.ts'

/** What is done on this machine's simulation is not taken for what is done to the programme. */

const where = "On this machine's data in .local, where it is 2020-11-15 23:59 in Jakarta"
const refused = {
  status: 422,
  body: { type: 'about:blank', title: 'Title', status: 422, detail: 'It is paid.' },
  at: now,
}
const hold = ['hold', 'P-1', '--reason', 'doubtful']
const held = ok({ result: 'done', effects: [{ subject: 'P-1', outcome: 'held', done: true }] })

it.each([
  ['an answer', ['jobs'], ok({ jobs: [] }), 'no job was ever started\n', ''],
  ['an answer to a program', ['jobs', '--json'], ok({ jobs: [] }), '{"jobs":[]}\n', ''],
  ['a change', hold, held, 'WHAT  OUTCOME\nP-1   held\n', ''],
  ['a refusal', hold, refused, '', 'It is paid.\n'],
])('on this machine %s says so on standard error, and nowhere else', async (_, args, reply, out, err) => {
  const said = await operate(args, [reply], { where })
  expect(said).toMatchObject({ err: `${where}\n${err}` })
  expect(said.out).toBe(out)
})

it('is said in a line of its own on a terminal, in place of the progress', async () => {
  const { err } = await operate(['jobs'], [ok({ jobs: [] })], { terminal: true, where })
  expect(err).toBe(`Starting the local stack\r\u001b[K${where}\n`)
})

it('is said by its host and the variable where a variable has named the API', () => {
  const url = new URL('https://api.example:8443/production')
  expect(openRemote({ url, variable: 'OPS_API_URL' }).where).toBe(
    'At api.example:8443, the address in OPS_API_URL',
  )
})

it('is not said where the command itself has named the API', () => {
  expect(openRemote({ url: new URL('https://api.example/') }).where).toBeUndefined()
})
