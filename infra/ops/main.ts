import { startCommand } from '../command/start.ts'
import { endWithReader } from '../command-line.ts'
import { operations } from './program.ts'

endWithReader()
process.exitCode = await startCommand(operations)
