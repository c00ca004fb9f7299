/**
 * The lines of a text in UTF-8, as its bytes come. Each ends with a line feed, the last one, too: where anything comes
 * after it, be it part of a line or of a character, the text is not all there, and `brokenOff` is thrown once the whole
 * lines were given. (`node:readline` takes other characters for ends of lines as well, and gives the rest as a line.)
 */
export async function* wholeLines(
  bytes: AsyncIterable<Uint8Array>,
  brokenOff: () => Error,
): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of bytes) {
    const lines = `${rest}${decoder.decode(chunk, { stream: true })}`.split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
  if (`${rest}${decoder.decode()}` !== '') throw brokenOff()
}
