import {
  CfnEIP,
  FlowLog,
  FlowLogDestination,
  FlowLogResourceType,
  GatewayVpcEndpointAwsService,
  IpAddresses,
  type ISecurityGroup,
  type IVpc,
  NatProvider,
  Peer,
  Port,
  SecurityGroup,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2'
import { Effect, ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { LogGroup, LogGroupClass } from 'aws-cdk-lib/aws-logs'
import { CfnOutput } from 'aws-cdk-lib/core'
import { Construct } from 'constructs'
import { isPublicEndpoint } from '../shared/partners/endpoint.ts'
import { Keys } from './keys.ts'
import { allow } from './permissions.ts'
import { partnerNames, type Stage } from './stages.ts'

const zones = ['a', 'b'] as const
/** The availability zones that the network is in. */
export const zonesOf = ({ region }: Stage): string[] => zones.map((zone) => `${region}${zone}`)

/** Of TLS: AWS' own, and those that partners have instead of it. */
const portsOf = ({ partners }: Stage): ReadonlySet<number> => {
  const endpoints = partnerNames.map((partner) => partners[partner].endpoint).filter(isPublicEndpoint)
  return new Set([443, ...endpoints.map((endpoint) => Number(new URL(endpoint).port || 443))])
}

/**
 * Where functions that call partners run: two subnets without a public address, each behind a gateway whose address never
 * changes. Partners let in these two addresses (the outputs `Address1` and `Address2`) and no others. Nothing may come
 * in, and nothing but TLS may go out; tables and buckets are reached without leaving AWS.
 */
export class Network extends Construct {
  readonly vpc: IVpc
  readonly outbound: ISecurityGroup

  constructor(scope: Construct, stage: Stage) {
    super(scope, 'Network')
    const addresses = zones.map((zone, index) => createAddress(this, zone, index + 1))
    const vpc = new Vpc(this, 'Vpc', {
      vpcName: `${stage.name}-disbursement`,
      ipAddresses: IpAddresses.cidr('10.20.0.0/20'),
      availabilityZones: zonesOf(stage),
      subnetConfiguration: [
        { name: 'Gateways', subnetType: SubnetType.PUBLIC, cidrMask: 28, mapPublicIpOnLaunch: false },
        { name: 'Callers', subnetType: SubnetType.PRIVATE_WITH_EGRESS, cidrMask: 24 },
      ],
      natGatewayProvider: NatProvider.gateway({
        eipAllocationIds: addresses.map(({ attrAllocationId }) => attrAllocationId),
      }),
      gatewayEndpoints: {
        Tables: { service: GatewayVpcEndpointAwsService.DYNAMODB },
        Buckets: { service: GatewayVpcEndpointAwsService.S3 },
      },
      // Closing the default group takes a function of CDK's own; nothing is in it.
      restrictDefaultSecurityGroup: false,
    })
    if (!isNetwork(vpc)) throw new Error('CDK has made something else')
    this.vpc = vpc
    const group = new SecurityGroup(this, 'Outbound', {
      vpc: this.vpc,
      description: 'Calls partners and AWS, and is called by nobody.',
      allowAllOutbound: false,
    })
    for (const port of portsOf(stage))
      group.addEgressRule(Peer.anyIpv4(), Port.tcp(port), 'TLS to wherever the partners are.')
    this.outbound = group
    this.log(stage)
  }

  /** Who was called when, without what was said; looked at so seldom that it is kept at half the price.
   *  https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch_Logs_Log_Classes.html */
  private log(stage: Stage): void {
    const group = new LogGroup(this, 'FlowLog', {
      logGroupClass: LogGroupClass.INFREQUENT_ACCESS,
      logGroupName: `/aws/vpc/${stage.name}-disbursement`,
      retention: stage.logRetentionDays,
      encryptionKey: Keys.of(this).logs,
    })
    const policy = new ManagedPolicy(this, 'FlowLogPolicy', {
      statements: [
        allow(group.logGroupArn, 'logs:CreateLogStream', 'logs:PutLogEvents', 'logs:DescribeLogStreams'),
      ],
    })
    const role = new Role(this, 'FlowLogRole', {
      assumedBy: new ServicePrincipal('vpc-flow-logs.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': stage.account } },
      }),
      managedPolicies: [policy],
    }).withoutPolicyUpdates()
    new FlowLog(this, 'Flows', {
      resourceType: FlowLogResourceType.fromVpc(this.vpc),
      destination: FlowLogDestination.toCloudWatchLogs(group, role),
    })
  }
}

/** CDK's class is one of its interface only where absent and undefined are the same to the compiler. */
const isNetwork = (value: unknown): value is IVpc => value instanceof Vpc

/** An address that partners know: it outlives the stack where data do. */
function createAddress(scope: Construct, zone: string, number: number): CfnEIP {
  const address = new CfnEIP(scope, `Address-${zone}`, { domain: 'vpc' })
  new CfnOutput(scope, `Output-${zone}`, {
    key: `Address${number}`,
    value: address.attrPublicIp,
    description: 'An address that partners must let in.',
  })
  return address
}

/**
 * What Lambda needs of a function's role to put the function into subnets. None of these actions can be narrowed down to
 * one network: https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions
 */
export const joinNetwork = (): PolicyStatement =>
  new PolicyStatement({
    actions: [
      'ec2:CreateNetworkInterface',
      'ec2:DescribeNetworkInterfaces',
      'ec2:DescribeSubnets',
      'ec2:DeleteNetworkInterface',
      'ec2:AssignPrivateIpAddresses',
      'ec2:UnassignPrivateIpAddresses',
    ],
    resources: ['*'],
  })

/** Keeps the function's own code, which has the same role, from what only Lambda needs it for.
 *  https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-best-practice */
export const denyNetworkToCode = (functionName: string, { region, account }: Stage): PolicyStatement =>
  new PolicyStatement({
    effect: Effect.DENY,
    actions: joinNetwork().actions,
    resources: ['*'],
    conditions: {
      ArnEquals: {
        'lambda:SourceFunctionArn': `arn:aws:lambda:${region}:${account}:function:${functionName}`,
      },
    },
  })
