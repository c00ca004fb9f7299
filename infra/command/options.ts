import type { Role } from '../../shared/api/roles.ts'
import type { Options } from './verb.ts'

/** Options that every verb of a program takes, whichever program it is. */

/** Where the answer comes from, and how it is printed. `name`: of the program. */
export const reaching = (name: string, addressVariable: string) =>
  ({
    json: {
      says: `print exactly the API's answer, as JSON; for programs, npm run -s ${name} keeps npm itself quiet`,
    },
    url: {
      value: 'URL',
      says: `the API, instead of this machine; ${addressVariable} says the same`,
      takes: "the API's address, beginning with https://",
    },
    profile: { value: 'NAME', says: 'the profile of the AWS credentials', takes: 'the name of a profile' },
  }) as const satisfies Options

/** On this machine: on what, and as whom. */
export const onThisMachine = {
  data: {
    value: 'DIR',
    says: 'on this machine: where npm start has left its data (.local)',
    takes: 'the name of a directory',
  },
  as: {
    value: 'NAME',
    says: 'on this machine: who you are (the name you are logged in by)',
    takes: 'a name',
  },
} as const satisfies Options

export const roleOption = (roles: readonly Role[]) =>
  ({
    role: {
      value: 'ROLE',
      says: 'on this machine: your role (the one that the verb needs)',
      takes: `one of ${roles.join(', ')}`,
    },
  }) as const satisfies Options

export const keyOption = {
  key: {
    value: 'KEY',
    says: 'the Idempotency-Key of an earlier try, to repeat that and nothing else',
    takes: '8 to 64 letters, digits and dashes',
  },
} as const satisfies Options

export const help = { help: { says: 'print this text' } } as const satisfies Options
