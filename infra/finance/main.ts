import { startCommand } from '../command/start.ts'
import { endWithReader } from '../command-line.ts'
import { finance } from './program.ts'

endWithReader()
process.exitCode = await startCommand(finance)
