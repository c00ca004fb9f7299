import { type Paint, paintFor } from './paint.ts'
import type { Voice } from './session.ts'

type Stream = { readonly isTTY?: boolean; write(text: string): unknown }

/** Says things on a process' streams: the answer on the one, everything else on the other, progress on a terminal only. */
export function createVoice(
  { out, err }: { readonly out: Stream; readonly err: Stream },
  environment: Readonly<Record<string, string | undefined>>,
  json: boolean,
): Voice {
  const paint: Paint = paintFor(out, environment)
  let shown = false
  const erase = () => {
    if (shown) err.write('\r\x1b[K')
    shown = false
  }
  return {
    json,
    paint,
    out(text) {
      erase()
      out.write(`${text}\n`)
    },
    err(line) {
      erase()
      err.write(`${line}\n`)
    },
    progress(text) {
      if (!err.isTTY) return
      erase()
      err.write(text)
      shown = text !== ''
    },
  }
}
