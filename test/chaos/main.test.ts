import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { behaviourNumbers } from '../../infra/local/partners/behaviours.ts'

const program = join(import.meta.dirname, 'main.ts')
const chaos = (...args: readonly string[]) =>
  spawnSync(process.execPath, [program, ...args], { encoding: 'utf8', timeout: 50_000 })

describe('npm run chaos', () => {
  it('prints one JSON object and nothing else', () => {
    const { status, stdout, stderr } = chaos('--from', '199', '--seeds', '2', '--participants', '1', '--json')
    expect(JSON.parse(stdout)).toEqual({
      seeds: 2,
      engineSeeds: 1,
      participants: 1,
      failed: [],
      steps: expect.any(Number),
      seconds: expect.any(Number),
      seedsPerMinute: expect.any(Number),
      digest: expect.stringMatching(/^[0-9a-f]{64}$/),
      coverage: { points: expect.any(Number), covered: expect.any(Number), missing: expect.any(Array) },
      behaviours: {
        behaviours: behaviourNumbers.length,
        met: expect.any(Number),
        missing: expect.any(Array),
        times: expect.objectContaining({ '00': expect.any(Number), '22': 0 }),
      },
    })
    expect(stderr).toBe('')
    expect(status).toBe(0)
  })

  it('says how many worlds were on the engine', () => {
    const { status, stdout } = chaos('--seed', '1', '--participants', '1', '--engine')
    expect(stdout).toContain('\n1 of 1 world on the embedded engine\n')
    expect(status).toBe(0)
  })

  it.each([
    ['refuses', ['--engine'], 2],
    ['runs in memory what was', [], 0],
  ])('%s on a machine without an engine, where asked for %j, and says so', (_, args, code) => {
    const machine = "data:text/javascript,Object.defineProperty(process, 'arch', { value: 'abacus' })"
    const command = ['--import', machine, program, '--seed', '200', '--participants', '1', ...args]
    const { AWS_ENDPOINT_URL_DYNAMODB: _engine, ...env } = process.env
    const { status, stderr } = spawnSync(process.execPath, command, { encoding: 'utf8', env })
    expect(stderr).toMatch(/There is no DynamoDB engine for this machine.*\n$/)
    expect(stderr.trim()).not.toContain('\n')
    expect(status).toBe(code)
  })

  it('explains itself', () => {
    const { status, stdout } = chaos('--help')
    expect(stdout).toContain('npm run chaos -- [--seeds N | --seed S]')
    expect(status).toBe(0)
  })

  it('says in one sentence what is wrong with the command', () => {
    const { status, stdout, stderr } = chaos('--seeds', 'many')
    expect([status, stdout, stderr]).toEqual([2, '', '--seeds takes a whole number from 1 to 1,000,000\n'])
  })
})
