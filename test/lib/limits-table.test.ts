import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { readSettings } from '../../lib/settings.ts';
import { asText, functionStatements, templateFor } from './synth.ts';

const on = { limits: true };

describe('the table of limits', () => {
  it('is not there unless it is asked for, and neither is anything of it', () => {
    const template = templateFor();
    template.resourceCountIs('AWS::DynamoDB::Table', 0);
    expect(JSON.stringify(template.toJSON())).not.toMatch(/dynamodb|LIMITS_TABLE/i);
  });

  it('costs nothing at rest, forgets by itself, can be restored and outlives the stack', () => {
    templateFor(on).hasResource('AWS::DynamoDB::Table', {
      Properties: {
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
        AttributeDefinitions: [
          { AttributeName: 'pk', AttributeType: 'S' },
          { AttributeName: 'sk', AttributeType: 'S' },
        ],
        TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        SSESpecification: Match.absent(),
        ProvisionedThroughput: Match.absent(),
      },
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
    });
  });

  it('is named to the function, which may read and change its items and nothing else', () => {
    const template = templateFor(on);
    const [[name] = []] = Object.entries(template.findResources('AWS::DynamoDB::Table'));
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: Match.objectLike({ LIMITS_TABLE: { 'Fn::GetAtt': [name, 'Arn'] } }) },
    });
    const { added } = functionStatements<{ Sid: string; Action: unknown; Resource: unknown }>(on);
    const own = added.filter(({ Action }) => JSON.stringify(Action).includes('dynamodb'));
    expect(own.map(({ Sid, Action, Resource }) => [Sid, Action, asText(Resource)])).toEqual([
      ['CountUse', ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:UpdateItem'], `\${${name}.Arn}`],
    ]);
    expect(Object.keys(template.findOutputs('LimitsTableArn'))).toHaveLength(1);
  });

  it('has room for its ARN in the environment', () => {
    const almostFull = { defaultModel: 'm'.repeat(1900), defaultEmbeddingModel: 'm'.repeat(1500) };
    expect(() => readSettings({ gateway: almostFull })).not.toThrow();
    expect(() => readSettings({ gateway: { ...almostFull, limits: true } })).toThrow(
      /The settings make an environment of \d+ bytes and Lambda takes 4096/,
    );
  });

  it.each([{ store: true }, { store: true, limits: true }])('is the store’s too: %j', (settings) => {
    const template = templateFor(settings);
    template.resourceCountIs('AWS::DynamoDB::Table', 1);
    const [[name] = []] = Object.entries(template.findResources('AWS::DynamoDB::Table'));
    expect(name).toBe(Object.keys(templateFor(on).findResources('AWS::DynamoDB::Table'))[0]);
    const [lambda] = Object.values(template.findResources('AWS::Lambda::Function'));
    const { STORE, LIMITS_TABLE } = lambda?.Properties.Environment.Variables ?? {};
    const arn = { 'Fn::GetAtt': [name, 'Arn'] };
    expect([STORE, LIMITS_TABLE]).toEqual([arn, 'limits' in settings ? arn : undefined]);
    expect(Object.keys(template.findOutputs('StoreTableArn'))).toHaveLength(1);
  });

  it('may be read and written by the function where answers stand, and nowhere else', () => {
    const template = templateFor({ store: true });
    const [[name] = []] = Object.entries(template.findResources('AWS::DynamoDB::Table'));
    const { added } = functionStatements<Record<'Sid' | 'Action' | 'Resource' | 'Condition', unknown>>({
      store: true,
    });
    const own = added.filter(({ Action }) => JSON.stringify(Action).includes('dynamodb'));
    expect(
      own.map(({ Sid, Action, Resource, Condition }) => [Sid, Action, asText(Resource), Condition]),
    ).toEqual([
      [
        'StoreAnswers',
        ['dynamodb:DeleteItem', 'dynamodb:PutItem', 'dynamodb:Query'],
        `\${${name}.Arn}`,
        { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['STORE#*'] } },
      ],
    ]);
  });

  it('usage by day without it is a mistake that is named', () => {
    expect(() => readSettings({ gateway: { usageByDay: true } })).toThrow(
      'gateway.usageByDay is set without gateway.limits, whose table it writes to',
    );
    expect(readSettings({ gateway: { usageByDay: true, limits: true } }).environment).toMatchObject({
      USAGE_BY_DAY: 'true',
    });
  });
});
