import { describe, expect, it } from 'vitest'
import { partnerNames, stages } from '../../infra/stages.ts'
import { readBlueprint } from './blueprint.ts'

const { template, all, target, statementsOf } = readBlueprint(stages.production)
const functions = all('AWS::Lambda::Function')
const calling = [
  ...partnerNames.flatMap((partner) => [`production-pay-${partner}`, `production-inquire-${partner}`]),
  'production-statement-bni',
]

describe('the network', () => {
  it('holds the functions that call partners, in two zones, and no others', () => {
    const inside = Object.entries(functions).filter(([, { VpcConfig }]) => VpcConfig !== undefined)
    expect(inside.map(([name]) => name).sort()).toEqual(calling.toSorted())
    const subnets = new Set(inside.flatMap(([, { VpcConfig }]) => VpcConfig.SubnetIds.map(target)))
    const zones = [...subnets].map((id) => all('AWS::EC2::Subnet')[String(id)])
    expect(zones.map(({ AvailabilityZone }) => AvailabilityZone).sort()).toEqual([
      'ap-southeast-3a',
      'ap-southeast-3b',
    ])
    for (const { MapPublicIpOnLaunch } of zones) expect(MapPublicIpOnLaunch).toBe(false)
  })

  it('leads each zone out by its own gateway, and to tables and buckets by the endpoints', () => {
    const routes = Object.values(all('AWS::EC2::Route')).filter(({ NatGatewayId }) => NatGatewayId)
    const byTable = new Map(routes.map((route) => [target(route.RouteTableId), target(route.NatGatewayId)]))
    const tableOf = new Map(
      Object.values(all('AWS::EC2::SubnetRouteTableAssociation')).map(({ SubnetId, RouteTableId }) => [
        target(SubnetId),
        target(RouteTableId),
      ]),
    )
    const zoneOf = (subnet: string) => all('AWS::EC2::Subnet')[subnet].AvailabilityZone
    const gatewayIn = Object.fromEntries(
      Object.entries(all('AWS::EC2::NatGateway')).map(([id, { SubnetId }]) => [id, zoneOf(target(SubnetId))]),
    )
    const subnets = Object.values(functions)
      .find(({ VpcConfig }) => VpcConfig)
      ?.VpcConfig.SubnetIds.map(target)
    const tables = subnets.map((subnet: string) => tableOf.get(subnet) ?? '')
    expect(subnets.map(zoneOf)).toEqual(tables.map((table: string) => gatewayIn[byTable.get(table) ?? '']))
    for (const { RouteTableIds, VpcEndpointType } of Object.values(all('AWS::EC2::VPCEndpoint'))) {
      expect(VpcEndpointType).toBe('Gateway')
      expect(RouteTableIds.map(target)).toEqual(expect.arrayContaining(tables))
    }
  })

  it('calls from two addresses that stay the same and that the deployment names', () => {
    const gateways = Object.values(all('AWS::EC2::NatGateway'))
    const addresses = Object.keys(all('AWS::EC2::EIP'))
    expect(gateways.map(({ AllocationId }) => target(AllocationId)).sort()).toEqual(addresses.sort())
    expect(addresses).toHaveLength(2)
    const { Address1, Address2 } = template.toJSON().Outputs
    expect([Address1, Address2].map(({ Value }) => target(Value)).sort()).toEqual(addresses)
    for (const address of Object.values(template.findResources('AWS::EC2::EIP')))
      expect(address).toMatchObject({ DeletionPolicy: 'RetainExceptOnCreate' })
  })

  it('lets nothing in and nothing but TLS out', () => {
    const groups = Object.values(all('AWS::EC2::SecurityGroup'))
    expect(groups).toHaveLength(1)
    expect(groups[0]?.SecurityGroupIngress).toBeUndefined()
    expect(groups[0]?.SecurityGroupEgress).toMatchObject([{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443 }])
    expect(all('AWS::EC2::SecurityGroupIngress')).toEqual({})
  })

  it('lets TLS out to the port that a partner has instead of 443, too', () => {
    const { bni, ...others } = stages.production.partners
    const elsewhere = { ...bni, endpoint: 'https://api.bni.example:8443' }
    const { all } = readBlueprint({ ...stages.production, partners: { ...others, bni: elsewhere } })
    const rules = Object.values(all('AWS::EC2::SecurityGroup')).flatMap(
      ({ SecurityGroupEgress }) => SecurityGroupEgress,
    )
    expect(rules.map(({ FromPort, ToPort }) => [FromPort, ToPort])).toEqual([
      [443, 443],
      [8443, 8443],
    ])
  })

  it('reaches tables and buckets without leaving AWS, and keeps a log of who was called', () => {
    const services = Object.values(all('AWS::EC2::VPCEndpoint')).map(({ ServiceName }) =>
      JSON.stringify(ServiceName),
    )
    expect(services.some((name) => name.includes('.dynamodb'))).toBe(true)
    expect(services.some((name) => name.includes('.s3'))).toBe(true)
    expect(Object.values(all('AWS::EC2::FlowLog'))).toMatchObject([
      { TrafficType: 'ALL', ResourceType: 'VPC' },
    ])
    expect(all('AWS::Logs::LogGroup')['/aws/vpc/production-disbursement']).toMatchObject({
      LogGroupClass: 'INFREQUENT_ACCESS',
      RetentionInDays: 365,
    })
  })

  it.each(calling)('lets Lambda, but not the code of %s, make interfaces there', (name) => {
    const own = statementsOf(functions[name].Role).filter(({ Action }) =>
      [Action].flat()[0]?.startsWith('ec2:'),
    )
    expect(own).toMatchObject([
      { Effect: 'Allow' },
      {
        Effect: 'Deny',
        Condition: {
          ArnEquals: {
            'lambda:SourceFunctionArn': `arn:aws:lambda:ap-southeast-3:${stages.production.account}:function:${name}`,
          },
        },
      },
    ])
    expect(own[0]?.Action).toEqual(own[1]?.Action)
  })
})
