import type * as z from 'zod'
import type { Route } from '../../shared/api/route.ts'
import { isStopped, type Session, type Stopped } from '../command/verb.ts'
import { counted } from '../local/text.ts'

/** More than these a person does not read, and a program asks for itself. */
export const pagesMax = 40

type Page = { readonly next?: string | undefined }

/** Completes a page by those behind it, up to the bound; `next` stays where there are more. */
export const everyPage =
  <Answer extends z.ZodType<Page>>(
    route: Route & { readonly answer: Answer },
    query: Readonly<Record<string, string>>,
    join: (all: z.output<Answer>, more: z.output<Answer>) => z.output<Answer>,
  ) =>
  async (first: z.output<Answer>, session: Session): Promise<z.output<Answer> | Stopped> => {
    let all = first
    for (let pages = 1; pages < pagesMax && all.next !== undefined; pages++) {
      session.progress(counted(pages, 'page'))
      const more = await session.ask(route, { query: { ...query, cursor: all.next } })
      if (isStopped(more)) return more
      all = join(all, more)
    }
    return all
  }

/** What to say below a table that the bound has cut off. */
export const cutOff = ({ next }: Page): readonly string[] =>
  next === undefined ? [] : [`and there are more: this is as far as ${counted(pagesMax, 'page')} go`]
