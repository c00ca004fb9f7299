import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { App } from 'aws-cdk-lib/core'
import flags from 'aws-cdk-lib/recommended-feature-flags.json' with { type: 'json' }
import { createBill } from './bill.ts'
import { zonesOf } from './network.ts'
import { DisbursementStack } from './stack.ts'
import type { Stage } from './stages.ts'

/** A CloudFormation template, as CDK writes it. */
export type Template = { readonly Resources: Readonly<Record<string, unknown>> }

type AppOptions = {
  /** Without, the functions' code is a placeholder and no bundler runs. (Default: CDK's command line decides.) */
  readonly bundles?: boolean
  /** Where the cloud assembly goes. (Default: where CDK's command line wants it.) */
  readonly outdir?: string
}

/**
 * The app of one stage. Feature flags are set here and overrule the command line's: synthesis in process never
 * sees cdk.json, and both must give the same template.
 */
export function createApp(stage: Stage, { bundles = true, outdir }: AppOptions = {}): App {
  const app = new App({
    ...(outdir === undefined ? {} : { outdir }),
    postCliContext: {
      ...flags,
      // CDK would ask the account for its zones, and could not synthesise without a network.
      [`availability-zones:account=${stage.account}:region=${stage.region}`]: zonesOf(stage),
      'aws:cdk:enable-path-metadata': false,
      'aws:cdk:enable-asset-metadata': false,
      'aws:cdk:version-reporting': false,
      ...(bundles ? {} : { 'aws:cdk:bundling-stacks': [] }),
    },
  })
  new DisbursementStack(app, stage)
  createBill(app, stage)
  return app
}

type SynthesisOptions = {
  readonly bundles: boolean
  /** What else looks at the app before it synthesises. */
  readonly checks?: ((app: App) => void) | undefined
}

/** The stage's template. Throws, with CDK's findings, when it breaks CloudFormation's rules or does not pass the checks. */
export function synthesise(stage: Stage, { bundles, checks }: SynthesisOptions): Template {
  const outdir = mkdtempSync(join(tmpdir(), 'synthesis-'))
  try {
    const app = createApp(stage, { bundles, outdir })
    checks?.(app)
    return app.synth().getStackByName(`disbursement-${stage.name}`).template
  } finally {
    rmSync(outdir, { recursive: true })
  }
}
