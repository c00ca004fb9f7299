import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type PartnerName, partnerConfigurations } from '../../shared/partners/registry.ts'
import { partnerNames } from '../stages.ts'
import type { Book } from './partners/book.ts'
import { bookedByDay } from './partners/statements/booked.ts'
import { balanceAfter, writeLines } from './partners/statements/write.ts'

/** File formats by the end of the file's name: a bank sends both, a wallet CSV alone. */
const formats = { csv: 'csv', xml: 'camt.053' } as const
const endingsOf = (partner: PartnerName): readonly (keyof typeof formats)[] =>
  partnerConfigurations[partner].kind === 'bank' ? ['csv', 'xml'] : ['csv']

export const statementsIn = (dataDirectory: string): string => join(dataDirectory, 'statements')

/** To be called before time moves: what is there is of another run, or of an earlier day of this one. */
export const forgetStatements = (dataDirectory: string): void =>
  rmSync(statementsIn(dataDirectory), { recursive: true, force: true })

/**
 * Leaves what every partner would send of every day on which it booked something:
 * `<data>/statements/<partner>/<day>.csv`, a bank's as `.xml` too. Older ones are taken away first.
 */
export function leaveStatements(dataDirectory: string, books: ReadonlyMap<string, Book>): void {
  forgetStatements(dataDirectory)
  const directory = statementsIn(dataDirectory)
  for (const partner of partnerNames) {
    const book = books.get(partner)
    if (!book) continue
    mkdirSync(join(directory, partner), { recursive: true })
    let opening = 0
    for (const [day, booked] of bookedByDay(book)) {
      for (const ending of endingsOf(partner)) {
        const { text } = writeLines({ partner, day, format: formats[ending] }, booked, opening)
        writeFileSync(join(directory, partner, `${day}.${ending}`), [...text].join(''))
      }
      opening += balanceAfter(booked)
    }
  }
}
