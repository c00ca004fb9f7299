import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const root = join(import.meta.dirname, '..', '..')
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

/** What a process comes to that must not reach CDK: it is given help or a mistake. */
function outcome(...args: readonly string[]) {
  const program = join(root, 'infra', 'deploy.ts')
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], { encoding: 'utf8' })
  return { code: status, out: stdout, err: stderr }
}

it('teaches each of its verbs by a script of its own, which brings the Node that it runs on', () => {
  const { code, out, err } = outcome('--help')
  expect({ code, err }).toEqual({ code: 0, err: '' })
  const taught = [...out.matchAll(/^ {2}npm run (\S+) +-- /gm)].map(([, name = '']) => name)
  expect(taught).toEqual(['bootstrap', 'synth', 'diff', 'deploy'])
  for (const name of taught) expect(scripts[name]).toBe(`node infra/deploy.ts ${name}`)
  expect(out).not.toMatch(/node infra/)
  expect(out.split('\n').filter((line) => line.length > 120)).toEqual([])
})

it.each([
  [[], 'There is no verb; --help lists what there is'],
  [['destroy'], 'There is no destroy; --help lists what there is'],
  [['bootstrap'], 'bootstrap takes --stage NAME; --help lists what there is'],
  [['deploy', '--stage', 'x', '--stage', 'y'], '--stage is given twice: give it once'],
])('%j are a mistake', (args, mistake) => {
  expect(outcome(...args)).toEqual({ code: 2, out: '', err: `${mistake}\n` })
})
