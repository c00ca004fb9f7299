import { setTimeout } from 'node:timers/promises'
import { openLane } from '../lane.ts'
import { createInquireHandler } from './handling.ts'

const time = { elapsed: () => performance.now(), wait: (milliseconds: number) => setTimeout(milliseconds) }

export const handler = createInquireHandler({ ...openLane(), time })
