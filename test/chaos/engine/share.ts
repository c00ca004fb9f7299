import type { Arguments } from '../arguments.ts'

/** One seed in so many runs on the engine where nobody asks for more: it takes as long as several in memory. */
export const seedsPerEngineSeed = 200

/** Whether a seed is for the engine: always the same ones, so that one that fails there is repeated there. */
export const isForEngine = (seed: number, { engine }: Pick<Arguments, 'engine'>): boolean =>
  engine || seed % seedsPerEngineSeed === 0
