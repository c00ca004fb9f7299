import { isMistake } from './command-line.ts'
import { demandCompliance } from './compliance.ts'
import { stageNamed } from './stages.ts'
import { createApp } from './synthesise.ts'

/** CDK's app, as `npm run synth`, `diff` and `deploy` have CDK run it: the stage is named by their environment. */
const stage = stageNamed(process.env.DISBURSEMENT_STAGE ?? 'production')
if (isMistake(stage)) {
  console.error(stage.mistake)
  process.exit(2)
}
const app = createApp(stage)
demandCompliance(app)
app.synth()
