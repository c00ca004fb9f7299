import { openLane } from '../lane.ts'
import { createPayHandler } from './handling.ts'

export const handler = createPayHandler(openLane())
