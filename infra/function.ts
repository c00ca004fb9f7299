import { dirname, join } from 'node:path'
import { ManagedPolicy, type PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import {
  Architecture,
  Code,
  Function as LambdaFunction,
  RecursiveLoop,
  Runtime,
} from 'aws-cdk-lib/aws-lambda'
import { LogGroup } from 'aws-cdk-lib/aws-logs'
import { CfnResource, Duration, Size, Stack } from 'aws-cdk-lib/core'
import { Construct } from 'constructs'
import { bundle } from './bundle.ts'
import { Keys, keyStatements } from './keys.ts'
import { denyNetworkToCode, joinNetwork, type Network } from './network.ts'
import { allow } from './permissions.ts'
import type { Stage } from './stages.ts'

/** Where a stage's functions keep their own counts in CloudWatch, so that two stages in one account never mix. */
export const metricNamespaceOf = ({ name }: Pick<Stage, 'name'>): string => `Disbursement/${name}`

export type HandlerProps = {
  readonly stage: Stage
  /** Its folder under `functions/`, and its service name in logs and metrics. */
  readonly folder:
    | 'intake'
    | 'release'
    | 'pay'
    | 'inquire'
    | 'close'
    | 'publish'
    | 'totals'
    | 'reconcile'
    | 'arrivals'
    | 'statement'
    | 'ops'
    | 'jobs'
    | 'digest'
    | 'finance'
  /** What the function is called after the stage, e.g. `pay-gopay`. (Default: its folder.) */
  readonly name?: string
  /** Scheduled functions that its work can give work to, by name without the stage. */
  readonly wakes: readonly string[]
  readonly timeoutSeconds: number
  /** (Default: 512.) */
  readonly memoryMebibytes?: number
  /** Of its temporary directory. (Default: 512.) */
  readonly diskMebibytes?: number
  /** Never two of it at the same time. (Default: false.) */
  readonly oneAtATime?: boolean
  /** Gives itself its next piece of work, through the queue that feeds it. Lambda takes that for a mistake otherwise, and
   *  stops it after some sixteen pieces; whoever sets this says what ends it. (Default: false.)
   *  https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html */
  readonly wakesItself?: boolean
  /** Variables of its own, beyond those that every function gets. */
  readonly environment: Readonly<Record<string, string>>
  /** Where it runs, if it calls partners: by addresses that they know. */
  readonly network?: Network
  /** All that its role may do, beyond writing its own log. */
  readonly permissions: readonly PolicyStatement[]
}

/**
 * Every Lambda function of the system: one entry file, a role of its own with one written-out policy, and a
 * log group of its own. The template's metadata name the source it is bundled from (`entry`) and the scheduled
 * functions that may have work after it (`wakes`), so that a runner need not tick where nothing can come of it.
 */
export class HandlerFunction extends Construct {
  readonly function: LambdaFunction
  /** The function's name, in full. */
  readonly name: string
  /** Its folder under `functions/`. */
  readonly folder: HandlerProps['folder']

  constructor(scope: Construct, id: string, props: HandlerProps) {
    super(scope, id)
    const { stage, folder, network } = props
    this.name = `${stage.name}-${props.name ?? folder}`
    this.folder = folder
    const keys = Keys.of(this)
    const entry = `functions/${folder}/handler.ts`
    const logGroup = new LogGroup(this, 'Log', {
      logGroupName: `/aws/lambda/${this.name}`,
      retention: stage.logRetentionDays,
      encryptionKey: keys.logs,
    })
    this.function = new LambdaFunction(this, 'Function', {
      functionName: this.name,
      code: codeOf(entry, Stack.of(this)),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: props.memoryMebibytes ?? 512,
      ephemeralStorageSize: Size.mebibytes(props.diskMebibytes ?? 512),
      ...(props.oneAtATime && { reservedConcurrentExecutions: 1 }),
      ...(props.wakesItself && { recursiveLoop: RecursiveLoop.ALLOW }),
      timeout: Duration.seconds(props.timeoutSeconds),
      logGroup,
      ...(network && { vpc: network.vpc, securityGroups: [network.outbound] }),
      role: this.role([
        allow(logGroup.logGroupArn, 'logs:CreateLogStream', 'logs:PutLogEvents'),
        ...props.permissions,
        ...keyStatements(keys, stage, props.permissions),
        ...(network ? [joinNetwork(), denyNetworkToCode(this.name, stage)] : []),
      ]),
      environment: {
        STAGE: stage.name,
        SHARDS: `${stage.shards}`,
        LOG_LEVEL: stage.logLevel,
        POWERTOOLS_SERVICE_NAME: folder,
        POWERTOOLS_METRICS_NAMESPACE: metricNamespaceOf(stage),
        NODE_OPTIONS: '--enable-source-maps',
        ...props.environment,
      },
    })
    const resource = this.function.node.defaultChild
    if (!CfnResource.isCfnResource(resource)) return
    resource.addMetadata('entry', entry)
    resource.addMetadata(
      'wakes',
      props.wakes.map((name) => `${stage.name}-${name}`),
    )
  }

  /** Closed to additions: constructs would grant actions that nobody uses. */
  private role(statements: readonly PolicyStatement[]) {
    const policy = new ManagedPolicy(this, 'Policy', { statements: [...statements] })
    return new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      managedPolicies: [policy],
    }).withoutPolicyUpdates()
  }
}

const bundlesDirectory = join(dirname(import.meta.dirname), '.local', 'deploy')
const bundles = new Map<string, string>()

/** The entry's bundle, built once however many functions run it; a placeholder where nothing is deployed. */
function codeOf(entry: string, stack: Stack): Code {
  if (!stack.bundlingRequired) return Code.fromInline('// Bundled when the stack is deployed.')
  const directory = bundles.get(entry) ?? bundle(entry, bundlesDirectory)
  bundles.set(entry, directory)
  return Code.fromAsset(directory)
}
