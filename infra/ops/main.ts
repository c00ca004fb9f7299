import { startCommand } from '../command/start.ts'
import { operations } from './program.ts'

process.exitCode = await startCommand(operations)
