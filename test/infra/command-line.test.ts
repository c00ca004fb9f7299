import { describe, expect, it } from 'vitest'
import { anyWholeNumber, readOptions, readWholeNumber } from '../../infra/command-line.ts'

const options = {
  colour: { type: 'string' },
  size: { type: 'string', default: '7' },
  name: { type: 'string', multiple: true },
  quiet: { type: 'boolean', default: false },
} as const

describe('options', () => {
  it.each([
    [[], { size: '7', quiet: false }],
    [['--colour', 'red', '--size=', '--quiet'], { colour: 'red', size: '', quiet: true }],
    [['--size', '1', '--size', '2'], { size: '2', quiet: false }],
    [['--name', 'a', '--name', 'b'], { name: ['a', 'b'], size: '7', quiet: false }],
  ])('%j are read as given', (args, values) => {
    expect(readOptions(args, options)).toMatchObject(values)
  })

  it.each([[['--help']], [['--size', 'none', '--help']]])('%j ask for help', (args) => {
    expect(readOptions(args, options)).toBe('help')
  })

  it.each([
    [['--speed', '9'], "Unknown option '--speed'; --help lists what there is"],
    [['-s'], "Unknown option '-s'; --help lists what there is"],
    [['red'], "Unexpected argument 'red'; --help lists what there is"],
    [['--size'], "Option '--size <value>' argument missing; --help lists what there is"],
    [['--size', '-1'], "Option '--size' argument is ambiguous; --help lists what there is"],
    [['--quiet=yes'], "Option '--quiet' does not take an argument; --help lists what there is"],
    [['--help', '--speed'], "Unknown option '--speed'; --help lists what there is"],
  ])('%j are one sentence', (args, mistake) => {
    expect(readOptions(args, options)).toEqual({ mistake })
  })
})

describe('whole numbers', () => {
  it.each([
    ['5', 5],
    ['1000', 1000],
    ['0007', 7],
  ])('%j is one', (text, number) => {
    expect(readWholeNumber('size', text, { least: 5, most: 1000 })).toBe(number)
  })

  it.each(['', ' 7', '4', '1001', '7.5', '1e1', '0x7', '-7', 'seven', '٧', '7'.repeat(16)])(
    '%j is none within the limits',
    (text) => {
      const mistake = '--size takes a whole number from 5 to 1,000'
      expect(readWholeNumber('size', text, { least: 5, most: 1000 })).toEqual({ mistake })
    },
  )

  it('have up to 15 digits', () => {
    expect(readWholeNumber('seed', '9'.repeat(15), anyWholeNumber)).toBe(999_999_999_999_999)
    expect(readWholeNumber('seed', '1'.repeat(16), anyWholeNumber)).toHaveProperty('mistake')
  })
})
