import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

/** House rules that a compiler does not know. */

const root = resolve(import.meta.dirname, '..')
const tracked = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  // What is moved or deleted and not committed yet, git still lists.
  .filter((file) => file !== '' && existsSync(join(root, file)))
const sources = tracked.filter((file) => file.endsWith('.ts'))
const textOf = (file: string): string => readFileSync(join(root, file), 'utf8')

/** Who may import whom; `test` may import everything. Packages are listed where only some are allowed. */
const rules: readonly {
  readonly room: string
  readonly mayImport: readonly string[]
  readonly packages?: readonly string[]
}[] = [
  {
    room: 'shared/domain/',
    mayImport: ['shared/domain/'],
    packages: ['Calendar', 'Instant', 'PlainDate'].map((part) => `temporal-polyfill/fns/${part}`),
  },
  // The register is a port of the operations, kept on DynamoDB like the others.
  {
    room: 'shared/ledger/',
    mayImport: [
      'shared/ledger/',
      'shared/domain/',
      'shared/operations/',
      'shared/finance/',
      'shared/reconciliation/',
      'shared/lines.ts',
    ],
  },
  {
    room: 'shared/operations/',
    mayImport: ['shared/operations/', 'shared/api/', 'shared/ledger/', 'shared/partners/', 'shared/domain/'],
  },
  // What both APIs are made of; it knows the routes of neither.
  {
    room: 'shared/api/',
    mayImport: [
      'shared/api/',
      'shared/ledger/',
      'shared/partners/',
      'shared/domain/',
      'shared/runtime/',
      'shared/json.ts',
    ],
  },
  { room: 'shared/partners/', mayImport: ['shared/partners/', 'shared/domain/', 'shared/json.ts'] },
  { room: 'shared/runtime/', mayImport: ['shared/runtime/'] },
  { room: 'functions/', mayImport: ['functions/', 'shared/'] },
  // fauxqs does not export its stores, and over HTTP a receive would take longer than many an invocation.
  { room: 'infra/', mayImport: ['infra/', 'shared/', 'node_modules/fauxqs/'] },
]

const importForm = /(?:^|\n)\s*(?:import|export)\s[^'"]*?from\s+'([^']+)'|(?:^|\n)import\s+'([^']+)'/g
function importsOf(file: string): string[] {
  return [...textOf(file).matchAll(importForm)].map((match) => match[1] ?? match[2] ?? '')
}
const targetOf = (file: string, specifier: string): string =>
  relative(root, resolve(root, dirname(file), specifier))

describe('imports go one way', () => {
  for (const { room, mayImport, packages } of rules) {
    it(`${room} imports only ${mayImport.join(', ')}`, () => {
      const strays = sources
        .filter((file) => file.startsWith(room))
        .flatMap((file) =>
          importsOf(file)
            .filter((specifier) =>
              specifier.startsWith('.')
                ? !mayImport.some((allowed) => targetOf(file, specifier).startsWith(allowed))
                : packages !== undefined && !packages.includes(specifier),
            )
            .map((specifier) => `${file} imports ${specifier}`),
        )
      expect(strays).toEqual([])
    })
  }

  it('one function never imports another', () => {
    const strays = sources
      .filter((file) => /^functions\/[^/]+\//.test(file))
      .flatMap((file) => {
        const own = file.split('/').slice(0, 2).join('/')
        return importsOf(file)
          .filter((specifier) => specifier.startsWith('.'))
          .map((specifier) => targetOf(file, specifier))
          .filter((target) => /^functions\/[^/]+\//.test(target) && !target.startsWith(`${own}/`))
          .map((target) => `${file} imports ${target}`)
      })
    expect(strays).toEqual([])
  })
})

describe('files', () => {
  it('are at most 300 lines long', () => {
    const long = sources.filter((file) => textOf(file).split('\n').length > 301)
    expect(long).toEqual([])
  })

  it('are named after what they hold, in whole words', () => {
    const vague = /(^|\/)(utils?|helpers?|common|manager|service|misc|lib)(\/|\.ts$)/
    expect(tracked.filter((file) => vague.test(file))).toEqual([])
    expect(sources.filter((file) => !/^[a-zA-Z0-9./-]+$/.test(file))).toEqual([])
  })

  it('at the top are only those that the design names', () => {
    const top = new Set(tracked.map((file) => file.split('/')[0]))
    const named = [
      'infra',
      'functions',
      'shared',
      'test',
      'cdk.json',
      'package.json',
      'tsconfig.json',
      'README.md',
    ]
    const tools = ['.ci', '.gitignore', '.npmrc', 'biome.json', 'package-lock.json']
    expect([...top].filter((name) => ![...named, ...tools].includes(name ?? ''))).toEqual([])
  })
})

describe('code', () => {
  const forbidden: readonly { readonly rule: string; readonly form: RegExp; readonly where: RegExp }[] = [
    {
      rule: 'zod is imported whole, or its bundle is five times as large',
      form: /import \{[^}]*\bz\b[^}]*\} from 'zod'/,
      where: /./,
    },
    {
      rule: 'only the environment module reads process.env',
      form: /process\.env/,
      where: /^(functions|shared)\/(?!runtime\/environment\.ts)/,
    },
    {
      rule: 'the domain reads no clock',
      form: /Date\.now\(\)|new Date\(\)/,
      where: /^shared\/(domain|ledger|partners)\//,
    },
    {
      rule: 'nobody calls Date as a function',
      form: /(?<!new )\bDate\(\)/,
      where: /^(functions|shared|infra)\//,
    },
    {
      rule: 'application code sleeps only to keep a partner’s rate',
      form: /setTimeout\(|setInterval\(/,
      where: /^(functions\/(?!inquire\/handler)|shared\/(?!partners\/snap\/http))/,
    },
    {
      rule: 'only adapters name DynamoDB',
      form: /@aws-sdk\/client-dynamodb/,
      where: /^(functions|shared\/(?!ledger\/dynamodb\/|runtime\/clients))/,
    },
    {
      rule: 'no test is left out or singled out',
      form: /\b(?:it|test|describe)\.(?:skip|only|todo)\b/,
      where: /^test\//,
    },
    {
      rule: 'nothing is left unfinished',
      form: /\b(?:TO[D]O|FIX[M]E|X[X]X)\b|@ts-(?:ignore|expect-error|nocheck)/,
      where: /./,
    },
  ]
  for (const { rule, form, where } of forbidden) {
    it(rule, () => {
      const found = sources.filter(
        (file) => where.test(file) && file !== 'test/tidy.test.ts' && form.test(textOf(file)),
      )
      expect(found).toEqual([])
    })
  }

  it('every dependency has one pinned version', () => {
    const manifest: unknown = JSON.parse(textOf('package.json'))
    const text = JSON.stringify(manifest)
    expect(text).not.toMatch(/"[\^~]\d/)
  })
})
