import { describe, expect, it } from 'vitest'
import { help, readArguments } from '../../infra/local/arguments.ts'

describe('the help', () => {
  it('says how a run can end, and what is started afresh, in lines that a terminal can hold', () => {
    expect(help).toMatch(/a run without --continue starts afresh/)
    expect(help).toMatch(/Exit code: 0 .* 1 .*\s2 .* 130 /s)
    expect(help.split('\n').filter((line) => line.length > 120)).toEqual([])
  })
})

describe('arguments', () => {
  it('default to the sample, the day after closing, no misbehaviour and .local', () => {
    expect(readArguments([])).toEqual({
      events: expect.stringMatching(/infra\/local\/sample\/sample\.ndjson$/),
      until: '2021-03-07',
      json: false,
      data: '.local',
      continue: false,
    })
  })

  it('are taken as given', () => {
    const given = [
      '--events',
      '-',
      '--until',
      '2020-12-31',
      '--seed',
      '7',
      '--json',
      '--data',
      'elsewhere',
      '--continue',
    ]
    expect(readArguments(given)).toEqual({
      events: '-',
      until: '2020-12-31',
      seed: 7,
      json: true,
      data: 'elsewhere',
      continue: true,
    })
  })

  it('may ask for help, whatever else they say', () => {
    expect(readArguments(['--help', '--until', 'never'])).toBe('help')
  })

  it.each([
    [['--until', '2020-02-30'], /--until takes a day from 2020-02-28 to 2022-03-05/],
    [['--until', '31 December'], /--until takes a day/],
    [['--until', '2020-02-27'], /--until takes a day/],
    [['--until', '9999-12-31'], /--until takes a day/],
    [['--seed', 'x'], /--seed takes a whole number/],
    [['--seed', '1.5'], /--seed takes a whole number/],
    [['--seed=-1'], /--seed takes a whole number/],
    [['--events='], /--events takes the name of a file/],
    [['--data='], /--data takes the name of a directory/],
    [['--speed', '9'], /^Unknown option '--speed'; --help lists what there is$/],
    [['events.ndjson'], /^Unexpected argument 'events\.ndjson'; --help/],
    [['--json=yes'], /--json/],
    [['--until'], /--until/],
  ])('%j are a mistake', (args, words) => {
    const read = readArguments(args)
    expect(read).toMatchObject({ mistake: expect.stringMatching(words) })
    expect(read).not.toMatchObject({ mistake: expect.stringContaining('\n') })
  })
})
