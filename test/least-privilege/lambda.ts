import type { Call } from '../../infra/local/calls.ts'
import { account, nameOf, region } from '../../infra/local/references.ts'
import type { DeployedFunction, Deployment } from './deployment.ts'

/**
 * What Lambda itself does under a function's role, which no local stack shows:
 * https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
 * https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions
 */
export function callsOfLambda(
  { name, inNetwork }: DeployedFunction,
  { mappings, asynchronous }: Deployment,
): readonly Call[] {
  const stream = `arn:aws:logs:${region}:${account}:log-group:/aws/lambda/${name}:log-stream:2020/09/18/1`
  const own = mappings.filter(({ FunctionName }) => nameOf(FunctionName) === name)
  return [
    ...on(stream, 'logs:CreateLogStream', 'logs:PutLogEvents'),
    ...own.flatMap(({ EventSourceArn: source, DestinationConfig: destination }) => [
      ...(source.startsWith('arn:aws:sqs:') ? on(source, ...polling) : on(source, ...following)),
      ...(destination ? on(destination.OnFailure.Destination, 'sqs:SendMessage') : []),
    ]),
    ...asynchronous
      .filter(({ FunctionName }) => nameOf(FunctionName) === name)
      .flatMap(({ DestinationConfig: destination }) =>
        destination ? on(destination.OnFailure.Destination, 'sqs:SendMessage') : [],
      ),
    ...(inNetwork ? [...on(networkInterface, ...joining), ...on('*', ...looking)] : []),
  ]
}

const on = (resource: string, ...actions: readonly string[]): Call[] =>
  actions.map((action) => ({ action, resource }))

const polling = [
  'sqs:ReceiveMessage',
  'sqs:DeleteMessage',
  'sqs:ChangeMessageVisibility',
  'sqs:GetQueueAttributes',
]
const following = ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator']

const networkInterface = `arn:aws:ec2:${region}:${account}:network-interface/eni-0123456789abcdef0`
const joining = [
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:AssignPrivateIpAddresses',
  'ec2:UnassignPrivateIpAddresses',
]
const looking = ['ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets']
