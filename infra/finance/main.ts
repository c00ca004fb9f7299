import { startCommand } from '../command/start.ts'
import { finance } from './program.ts'

process.exitCode = await startCommand(finance)
