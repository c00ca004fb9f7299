import { spawn } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { verbs } from '../../infra/ops/verbs.ts'
import { startAnsweringServer } from '../support/answering-server.ts'
import { operate, words } from './operator.ts'

const program = join(import.meta.dirname, '..', '..', 'infra', 'ops', 'main.ts')
const nothing = mkdtempSync(join(tmpdir(), 'ops-'))

/** What a process with only these variables in its environment comes to. */
async function outcome(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, [program, ...args], { stdio: 'pipe', env })
  const code = new Promise<number | null>((resolve) => child.once('close', resolve))
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)])
  return { code: await code, out, err }
}

describe('the command as a process', () => {
  it('prints its help', async () => {
    const { code, out, err } = await outcome(['--help'])
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toContain('npm run ops -- <verb> [options]')
  })

  it('says that there is nothing to work on yet', async () => {
    expect(await outcome(['status', '--data', nothing])).toEqual({
      code: 2,
      out: '',
      err: `${nothing} holds no finished run to go on from; npm start makes one\n`,
    })
  })

  it('asks the API that its environment names, says which that is, and has the credentials from there', async () => {
    const server = await startAnsweringServer(() => ({ status: 200, body: { jobs: [] } }))
    const environment = { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret' }
    const result = await outcome(['jobs', '--json'], { ...environment, OPS_API_URL: server.url })
    const named = await outcome(['jobs', '--json', '--url', server.url], environment)
    await server.close()
    const { host } = new URL(server.url)
    const out = '{"jobs":[]}\n'
    expect(result).toEqual({ code: 0, out, err: `At ${host}, the address in OPS_API_URL\n` })
    expect(named).toEqual({ code: 0, out, err: '' })
    expect(server.requests).toMatchObject([{ path: '/jobs' }, { path: '/jobs' }])
  })
})

describe('the command of a user whom the machine has no name for, as in a container', () => {
  /** What node does where the user's id has no entry: https://nodejs.org/api/os.html#osuserinfooptions */
  const preload = `data:text/javascript,${encodeURIComponent(`
    import os from 'node:os'
    import { syncBuiltinESMExports } from 'node:module'
    os.userInfo = () => { throw new Error('uv_os_get_passwd returned ENOENT') }
    syncBuiltinESMExports()
  `)}`
  const nameless = { NODE_OPTIONS: `--import=${preload}` }

  it('prints its help', async () => {
    expect(await outcome(['--help'], nameless)).toMatchObject({ code: 0, err: '' })
  })

  it('needs to be told a name on this machine, in one sentence', async () => {
    expect(await outcome(['status', '--data', nothing], nameless)).toEqual({
      code: 2,
      out: '',
      err: 'This machine has no name for who is logged in: say who you are by --as NAME\n',
    })
    const named = await outcome(['status', '--data', nothing, '--as', 'ani'], nameless)
    expect(named.err).toContain('holds no finished run')
  })

  it('needs none where the API knows who is asking', async () => {
    const url = 'https://api.example/'
    expect((await operate(['status', '--url', url], [], { nameless: true })).ways).toEqual([
      { url: new URL(url) },
    ])
  })
})

describe('help', () => {
  it('names every verb', async () => {
    const { out } = await operate(['--help'])
    const named = verbs.filter(({ name, summary }) =>
      new RegExp(`^ {2}${name} +${summary[0]}`, 'm').test(out),
    )
    expect(named).toEqual(verbs)
    expect(out).toContain("Times are Jakarta's, WIB (UTC+7)")
    expect(out).toContain('Without --url, and with OPS_API_URL not set,')
    expect(out.split('\n').filter((line) => line.length > 120)).toEqual([])
  })

  it.each(verbs.map(({ name }) => name))(
    'of %s teaches by an example, in lines that a terminal can hold',
    async (name) => {
      const { out, code } = await operate([...name.split(' '), '--help'])
      expect(code).toBe(0)
      expect(out).toMatch(/\nExamples\n {2}npm run ops -- /)
      expect(out.split('\n').filter((line) => line.length > 120)).toEqual([])
    },
  )
})

describe('an example in the help', () => {
  const examples = verbs.flatMap(({ name, examples }) => examples.map(([line]) => `${name} ${line}`))
  it.each(examples.filter((line) => !line.includes('…') && !line.includes('event.json')))(
    'works: %s',
    async (line) => {
      const { sent, err } = await operate(words(line))
      expect({ err, sent: sent.length }).toEqual({ err: 'nothing is expected here\n', sent: 1 })
    },
  )
})
