import { describe, expect, it } from 'vitest'
import { readArguments } from './arguments.ts'

describe('arguments', () => {
  it('default to 100 seeds from 1, of 30 participants each', () => {
    expect(readArguments([])).toEqual({
      from: 1,
      seeds: 100,
      participants: 30,
      engine: false,
      json: false,
    })
  })

  it('are taken as given', () => {
    const given = ['--seeds', '1000', '--from', '501', '--participants', '5', '--engine', '--json']
    expect(readArguments(given)).toEqual({
      from: 501,
      seeds: 1000,
      participants: 5,
      engine: true,
      json: true,
    })
  })

  it('may ask for one seed, 0 included', () => {
    expect(readArguments(['--seed', '0'])).toMatchObject({ from: 0, seeds: 1 })
  })

  it('may ask for help, whatever else they say', () => {
    expect(readArguments(['--help', '--seeds', 'many'])).toBe('help')
  })

  it.each([
    [['--seeds', '0'], /^--seeds takes a whole number from 1 to 1,000,000$/],
    [['--seeds', '1.5'], /^--seeds takes/],
    [['--seeds='], /^--seeds takes/],
    [['--seed', 'x'], /^--seed takes a whole number from 0 to 999,999,999$/],
    [['--seed=-1'], /^--seed takes/],
    [['--from', '9999999999'], /^--from takes/],
    [['--participants', '0'], /^--participants takes a whole number from 1 to 1,000$/],
    [['--seed', '1', '--seeds', '2'], /^--seed runs one world alone/],
    [['--seed', '1', '--from', '2'], /^--seed runs one world alone/],
    [['--speed', '9'], /^Unknown option '--speed'; --help lists what there is$/],
    [['7'], /^Unexpected argument '7'; --help/],
    [['--json=yes'], /--json/],
    [['--seed'], /--seed/],
  ])('%j are a mistake', (args, words) => {
    const read = readArguments(args)
    expect(read).toMatchObject({ mistake: expect.stringMatching(words) })
    expect(read).not.toMatchObject({ mistake: expect.stringContaining('\n') })
  })
})
