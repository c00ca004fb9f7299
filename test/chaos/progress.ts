import { count, counted } from '../../infra/local/text.ts'
import { perMinute } from './report.ts'
import type { Progress } from './seeds.ts'

/** One line at the bottom of a terminal that shows how far it is. */
export type ProgressLine = {
  note(progress: Progress): void
  /** Takes the line away. */
  end(): void
}

export function createProgressLine(terminal: { write(text: string): void }, seeds: number): ProgressLine {
  const draw = (text: string) => terminal.write(`\r\x1b[K${text}`)
  draw(`Starting ${counted(seeds, 'world')}`)
  return {
    note({ done, failed, seconds }) {
      const rate = count(perMinute(done, seconds))
      const after = done === seeds && failed > 0 ? ' · shrinking' : ''
      draw(`${count(done)} of ${count(seeds)} worlds · ${rate} a minute · ${count(failed)} failed${after}`)
    },
    end: () => draw(''),
  }
}
