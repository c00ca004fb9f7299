import { TextDecoder } from 'node:util'
import { SaxesParser } from 'saxes'
import { Refused } from './refused.ts'

/** An element that has ended. */
export type Element = {
  /** Local names from the root, e.g. `/Document/BkToCstmrStmt`. */
  readonly path: string
  /** Namespace of the element. */
  readonly namespace: string
  /** Its own text, trimmed; cut off where no field is as long. */
  readonly text: string
  /** `Ccy`, where the element has it. */
  readonly currency: string | undefined
}

const depthMax = 32
const textMax = 1_024
/** The longest stretch without a tag: comments, texts, attributes. */
const stretchMax = 1024 ** 2

type Open = { readonly namespace: string; readonly currency: string | undefined; text: string }

/** The parser's handlers put what they hear into `heard`. */
function createParser(heard: Element[]) {
  const parser = new SaxesParser({ xmlns: true, position: false })
  const open: Open[] = []
  let path = ''
  parser.on('xmldecl', ({ encoding }) => {
    if (encoding !== undefined && encoding.toUpperCase() !== 'UTF-8')
      throw new Refused('the file says that it is not written in UTF-8')
  })
  // Entities are declared there, and nothing that a bank sends needs one.
  parser.on('doctype', () => {
    throw new Refused('the file declares a document type, which no statement does')
  })
  parser.on('opentag', ({ local, uri, attributes }) => {
    if (open.length >= depthMax) throw new Refused('the elements of the file are nested too deeply')
    path += `/${local}`
    const currency = attributes.Ccy?.value
    open.push({ namespace: uri, currency, text: '' })
  })
  const addText = (text: string) => {
    const element = open.at(-1)
    if (element && element.text.length <= textMax) element.text = (element.text + text).slice(0, textMax + 1)
  }
  parser.on('text', addText)
  parser.on('cdata', addText)
  parser.on('closetag', ({ local }) => {
    const { namespace = '', currency, text = '' } = open.pop() ?? {}
    heard.push({ path, namespace, text: text.trim(), currency })
    path = path.slice(0, -local.length - 1)
  })
  // Without a handler it would go on after a fault.
  parser.on('error', () => {
    throw new Refused('the file is not well-formed XML, or it is broken off')
  })
  return parser
}

/** Decodes strictly: XML in another encoding than it says is not well-formed. */
function decoded(decoder: TextDecoder, chunk?: Uint8Array): string {
  try {
    return chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode()
  } catch {
    throw new Refused('the file is not written in UTF-8')
  }
}

/**
 * The elements of an XML file in the order in which they end, in bounded memory: as many at once as a chunk of the file
 * has. Throws `Refused` for a file that is not well-formed.
 */
export async function* elementsOf(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<readonly Element[]> {
  const heard: Element[] = []
  const parser = createParser(heard)
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let stretch = 0
  for await (const chunk of bytes) {
    parser.write(decoded(decoder, chunk))
    stretch = heard.length > 0 ? 0 : stretch + chunk.length
    if (stretch > stretchMax) throw new Refused('the file has a longer text than any of a statement')
    if (heard.length > 0) yield heard.splice(0)
  }
  parser.write(decoded(decoder))
  parser.close()
  yield heard
}
