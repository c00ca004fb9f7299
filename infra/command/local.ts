import type { Role } from '../../shared/api/roles.ts'
import { instant, jakartaTimestamp } from '../../shared/domain/instant.ts'
import type { Mistake } from '../command-line.ts'
import { stages } from '../stages.ts'
import { createDelivery } from './delivery.ts'
import { exchange, type Sign } from './http.ts'
import type { Transport } from './transport.ts'
import { moment } from './words.ts'

/** The way to the API on this machine: the local stack on the data that a run has kept, at the time it has kept. */

export type LocalOptions = { readonly data: string; readonly person: string; readonly role: Role }

/** A mistake: no run has left data there. `failure`: why this machine cannot run the stack. */
export async function openLocal({
  data,
  person,
  role,
}: LocalOptions): Promise<Transport | Mistake | { readonly failure: string }> {
  // Only here, because it takes a second to load and the deployed API does without it.
  const { callerHeaders } = await import('../local/api.ts')
  const { openKept } = await import('../local/programme.ts')
  const programme = await openKept(data).catch((error: Error) => ({ failure: error.message }))
  if ('mistake' in programme || 'failure' in programme) return programme
  const sign: Sign = async ({ headers }) => ({ ...headers, ...callerHeaders({ role, name: person }) })
  const deliver = createDelivery(stages.local, {
    endpoint: programme.stack.endpoints.sqs,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  })
  const here = moment(jakartaTimestamp(instant(programme.stack.clock.now())))
  let changed = false
  return {
    whileOpen: true,
    where: `On this machine's data in ${data}, where it is ${here} in Jakarta`,
    async send(route, request) {
      changed ||= route.method === 'POST'
      const reply = await exchange(new URL(programme.api), route, request, sign)
      // A server's Date is of the machine, and the programme's time is virtual.
      return 'status' in reply ? { ...reply, at: instant(programme.stack.clock.now()) } : reply
    },
    async deliver(key, path) {
      changed = true
      return deliver(key, path)
    },
    pass: programme.settle,
    async close() {
      // What is still in a queue is gone with this process.
      if (changed) await programme.settle()
      if (changed) programme.keep()
      await programme.stop()
    },
  }
}
