import { styleText } from 'node:util'

/** What a text means to whoever reads it; what it looks like is decided here. */
export type Tone = 'good' | 'bad' | 'open' | 'quiet' | 'strong'
export type Paint = (tone: Tone | undefined, text: string) => string

const styles = { good: 'green', bad: 'red', open: 'yellow', quiet: 'dim', strong: 'bold' } as const

export const plain: Paint = (_, text) => text
const coloured: Paint = (tone, text) =>
  tone === undefined || text === '' ? text : styleText(styles[tone], text, { validateStream: false })

/** Colours are for terminals that can show them and people who want them. https://no-color.org */
export const paintFor = (
  stream: { readonly isTTY?: boolean },
  environment: Readonly<Record<string, string | undefined>>,
): Paint => (stream.isTTY && !environment.NO_COLOR && environment.TERM !== 'dumb' ? coloured : plain)

/** How the state of a payout, an attempt or a job looks. */
const tones: Readonly<Record<string, Tone>> = {
  paid: 'good',
  done: 'good',
  approved: 'good',
  recovered: 'good',
  failed: 'bad',
  returned: 'bad',
  stopped: 'bad',
  broken: 'bad',
  pending: 'open',
  unknown: 'open',
  sending: 'open',
  running: 'open',
  proposed: 'open',
  held: 'open',
  open: 'open',
  cancelled: 'quiet',
  expired: 'quiet',
  withdrawn: 'quiet',
}
export const toneOf = (state: string): Tone | undefined => tones[state]
