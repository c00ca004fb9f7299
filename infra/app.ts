import { stages } from './stages.ts'
import { createApp } from './synthesise.ts'

createApp(stages.production).synth()
