import { answerMutants } from './answers.ts'
import { closingMutants } from './closing.ts'
import { factMutants } from './facts.ts'
import { floatMutants } from './float.ts'
import { handlerMutants } from './handlers.ts'
import { laneMutants } from './lanes.ts'
import type { Mutant } from './mutant.ts'
import { sendingMutants } from './sending.ts'

/** The defects that the simulator has to notice. */
export const mutants: readonly Mutant[] = [
  ...sendingMutants,
  ...answerMutants,
  ...floatMutants,
  ...laneMutants,
  ...factMutants,
  ...closingMutants,
  ...handlerMutants,
]
