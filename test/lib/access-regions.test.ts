import { describe, expect, it, test } from 'vitest';
import { maxRegions, reachOf } from '../../lib/settings/reach.ts';
import { readSettings, SettingsError } from '../../lib/settings.ts';
import { allows, type PolicyStatement } from './evaluate-policy.ts';
import { asText, functionStatements, templateFor } from './synth.ts';

/** Where the settings name regions or a residency, the role may call nothing beyond them. */

const account = '123456789012';
const model = 'anthropic.claude-haiku-4-5-20251001-v1:0';

/** The role's policy as it is once it is deployed to a region. */
function policyOf(gateway: Record<string, unknown>, region = 'us-east-1'): PolicyStatement[] {
  const [role] = Object.values(templateFor(gateway).findResources('AWS::IAM::Role'));
  const written = role?.Properties.Policies[0].PolicyDocument.Statement as Record<string, unknown>[];
  const text = (value: unknown) =>
    asText(value)
      .replaceAll(`\${AWS::Partition}`, 'aws')
      .replaceAll(`\${\${AWS::Region} by -[0]}`, region.split('-')[0] ?? '')
      .replaceAll(`\${AWS::Region}`, region)
      .replaceAll(`\${AWS::AccountId}`, account);
  const texts = (value: unknown) => [value].flat().map(text);
  return written.map(({ Sid, Effect, Action, Resource, Condition }) => ({
    Sid: String(Sid),
    Effect: String(Effect),
    Action: texts(Action),
    Resource: texts(Resource),
    ...(Condition !== undefined && {
      Condition: Object.fromEntries(
        Object.entries(Condition as Record<string, Record<string, unknown>>).map(([operator, keys]) => [
          operator,
          Object.fromEntries(Object.entries(keys).map(([key, value]) => [key, texts(value)])),
        ]),
      ),
    }),
  }));
}

const action = 'bedrock:InvokeModel';
const foundation = (region: string) => `arn:aws:bedrock:${region}::foundation-model/${model}`;
const owned = (region: string, resource: string) => `arn:aws:bedrock:${region}:${account}:${resource}`;

/** A call of a foundation model by its own id, in a region. */
const direct = (policy: PolicyStatement[], region: string) =>
  allows(policy, { action, resource: foundation(region), context: { 'aws:RequestedRegion': region } });

/** A call through a profile: allowed for the profile, and for the model in each region that it may route to. */
function through(policy: PolicyStatement[], source: string, profile: string, destinations: string[]) {
  const arn = owned(source, profile);
  const context = { 'bedrock:InferenceProfileArn': arn };
  return [arn, ...destinations.map(foundation)].every((resource) =>
    allows(policy, { action, resource, context }),
  );
}

const us = ['us-east-1', 'us-east-2', 'us-west-2'];
const eu = ['eu-central-1', 'eu-north-1', 'eu-south-1', 'eu-west-1', 'eu-west-3'];
const asia = ['ap-northeast-1', 'ap-south-1', 'ap-southeast-2'];
const system = (geography: string) => `inference-profile/${geography}.${model}`;

describe.each([
  // The settings, and then what they leave open.
  { gateway: {}, elsewhere: true, geographic: true, global: true },
  { gateway: { regions: ['us-east-1', 'eu-central-1'] }, elsewhere: false, geographic: true, global: true },
  {
    gateway: { regions: ['us-east-1', 'eu-central-1'], residency: 'geography' },
    elsewhere: false,
    geographic: true,
    global: false,
  },
  {
    gateway: { regions: ['us-east-1', 'eu-central-1'], residency: 'region' },
    elsewhere: false,
    geographic: false,
    global: false,
  },
  { gateway: { residency: 'geography' }, elsewhere: false, geographic: true, global: false },
  { gateway: { residency: 'region' }, elsewhere: false, geographic: false, global: false },
])('$gateway', ({ gateway, elsewhere, geographic, global }) => {
  const policy = policyOf(gateway);
  const home = 'us-east-1';

  it('calls models at home', () => {
    expect(direct(policy, home)).toBe(true);
    for (const resource of [
      'imported-model/a',
      'provisioned-model/a',
      'custom-model-deployment/a',
      'prompt-router/a',
    ])
      expect(allows(policy, { action, resource: owned(home, resource) }), resource).toBe(true);
  });

  it(`calls models in other regions: ${elsewhere}`, () => {
    expect(direct(policy, 'us-west-2')).toBe(elsewhere);
    expect(direct(policy, 'ap-south-1')).toBe(elsewhere);
    for (const resource of [
      'imported-model/a',
      system('us'),
      'application-inference-profile/a',
      'prompt-router/a',
    ])
      expect(allows(policy, { action, resource: owned('us-west-2', resource) }), resource).toBe(elsewhere);
  });

  it(`calls through geographic profiles, wherever they route: ${geographic}`, () => {
    expect(through(policy, home, system('us'), us)).toBe(geographic);
    expect(through(policy, home, 'application-inference-profile/a1b2c3d4e5f6', us)).toBe(geographic);
  });

  it(`calls through global profiles: ${global}`, () => {
    expect(through(policy, home, system('global'), [home, ''])).toBe(global);
  });

  it('calls an application profile of a model at home', () => {
    expect(through(policy, home, 'application-inference-profile/a1b2c3d4e5f6', [home])).toBe(true);
  });

  it.each(['cohere.rerank-v3-5:0', 'stability.sd3-5-large-v1:0'])(
    'calls %s in other regions as far as requests may travel, where no region is named',
    (model) => {
      const rank = (region: string) =>
        allows(policy, { action, resource: `arn:aws:bedrock:${region}::foundation-model/${model}` });
      const isNamed = 'regions' in gateway;
      expect([home, 'us-west-2', 'eu-central-1', 'ap-northeast-1'].map(rank)).toEqual([
        true,
        !isNamed && geographic,
        isNamed || global,
        !isNamed && global,
      ]);
    },
  );

  it(`asks and lists in other regions: ${elsewhere}`, () => {
    const list = (region: string) =>
      allows(policy, {
        action: 'bedrock:ListFoundationModels',
        resource: '*',
        context: { 'aws:RequestedRegion': region },
      });
    const ask = (region: string) =>
      allows(policy, {
        action: 'bedrock:GetInferenceProfile',
        resource: owned(region, 'application-inference-profile/a'),
        context: { 'aws:RequestedRegion': region },
      });
    expect([list(home), ask(home)]).toEqual([true, true]);
    expect([list('ap-south-1'), ask('ap-south-1')]).toEqual([elsewhere, elsewhere]);
  });

  it('applies guardrails, with their profiles as far as requests may travel', () => {
    const apply = (region: string, resource: string) =>
      allows(policy, { action: 'bedrock:ApplyGuardrail', resource: owned(region, resource) });
    expect(apply(home, 'guardrail/abc')).toBe(true);
    expect(apply(home, 'guardrail-profile/us.guardrail.v1:0')).toBe(true);
    expect(apply('us-west-2', 'guardrail-profile/us.guardrail.v1:0')).toBe(geographic);
    expect(apply('ap-south-1', 'guardrail/abc')).toBe(elsewhere);
  });
});

describe('the geographies of profiles', () => {
  test.each([
    ['us-west-2', 'us', us],
    ['eu-central-1', 'eu', eu],
    ['ap-northeast-1', 'apac', asia],
    ['ap-northeast-1', 'jp', ['ap-northeast-1', 'ap-northeast-3']],
    ['ap-southeast-2', 'au', ['ap-southeast-2', 'ap-southeast-4']],
    ['ap-south-1', 'in', ['ap-south-1', 'ap-south-2']],
    ['ca-central-1', 'ca', ['ca-central-1', 'ca-west-1']],
  ])('from %s: %s', (region, geography, destinations) => {
    const named = policyOf({ regions: [region], residency: 'geography' });
    expect(through(named, region, system(geography), destinations)).toBe(true);
    const others = [...us, ...eu, ...asia].filter((each) => each.split('-')[0] !== region.split('-')[0]);
    for (const other of others) expect(through(named, region, system(geography), [other]), other).toBe(false);
    // The same where the stack's own region is the only one.
    const own = policyOf({ residency: 'geography' }, region);
    expect(through(own, region, system(geography), destinations)).toBe(true);
    expect(through(own, region, system(geography), [others[0] ?? ''])).toBe(false);
  });

  it('do not open a way around: a model elsewhere is called through a profile of a named region or not at all', () => {
    const policy = policyOf({ regions: ['eu-central-1'], residency: 'global' });
    expect(direct(policy, 'us-east-1')).toBe(false);
    expect(through(policy, 'us-east-1', system('us'), us)).toBe(false);
    const foreign = { 'bedrock:InferenceProfileArn': owned('us-east-1', system('us')) };
    expect(allows(policy, { action, resource: foundation('us-east-1'), context: foreign })).toBe(false);
  });
});

describe('regions that other settings name', () => {
  test.each([
    ['an alias', { aliases: { far: 'custom:ap-south-1:amazon.nova-lite-v1:0' } }],
    [
      'an alias with defaults',
      { aliases: { far: { model: `arn:aws:bedrock:ap-south-1:${account}:imported-model/a` } } },
    ],
    [
      'a fallback',
      { fallbacks: { default: ['arn:aws:bedrock:ap-south-1::foundation-model/amazon.nova-lite-v1:0'] } },
    ],
    ['a default model', { defaultModel: 'custom:ap-south-1:amazon.nova-lite-v1:0' }],
  ])('%s: may be called too', (_, gateway) => {
    expect(direct(policyOf({ regions: ['us-east-1'], ...gateway }), 'ap-south-1')).toBe(true);
    expect(direct(policyOf({ regions: ['us-east-1'] }), 'ap-south-1')).toBe(false);
  });

  test('text that only looks like it names none', () => {
    const environment = { GATEWAY_REGIONS: 'us-east-1', MODEL_ALIASES: '{"a":"us.amazon.nova-lite-v1:0"}' };
    expect(reachOf(environment).regions).toEqual(['us-east-1']);
  });
});

describe('the policy’s size', () => {
  const longest = Array.from({ length: maxRegions }, (_, i) => `ap-southeast-${i + 1}`);

  /** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html: of a role's inline policies. */
  test.each(['global', 'geography', 'region'])(
    'is within IAM’s bound for as many regions as are allowed: %s',
    (residency) => {
      const policy = policyOf({ regions: longest, residency }, 'ap-southeast-1');
      expect(JSON.stringify({ Version: '2012-10-17', Statement: policy }).length).toBeLessThan(9000);
    },
  );

  /** As it is deployed, to an account whose names are as long as they may be. */
  const lengthOf = (statements: object[]) => {
    const deployed = statements.map((statement) => [...texts(statement)]);
    const shape = JSON.stringify({ Version: '2012-10-17', Statement: statements }, (key, value) =>
      key === 'Resource' ? [] : value,
    );
    return shape.length + JSON.stringify(deployed).length;
  };
  function* texts(statement: object): Generator<string> {
    for (const arn of [(statement as { Resource: unknown }).Resource].flat()) {
      yield asText(arn)
        .replaceAll(`\${AWS::Partition}`, 'aws')
        .replaceAll(`\${AWS::AccountId}`, account)
        .replace(/^\$\{.*\.Arn\}/, 'a'.repeat(130));
    }
  }
  const everything = {
    regions: longest,
    residency: 'geography',
    mantle: true,
    limits: true,
    store: true,
    optimisation: true,
    privacyDetector: 'comprehend',
    apiKeySecretArn: `arn:aws:secretsmanager:ap-southeast-1:${account}:secret:${'s'.repeat(512)}-a1B2c3`,
    apiKeySecretKmsKeyArn: `arn:aws:kms:ap-southeast-1:${account}:key/${'0'.repeat(40)}`,
  };
  /** The statement that the CDK adds for tracing. */
  const xRay = 140;

  test('holds with every option: of the role’s own policies, and of the one that options add', () => {
    const few = Array.from({ length: 40 }, (_, i) => `arn:aws:iam::${account}:role/${'r'.repeat(55)}${i}`);
    const projects = Array.from({ length: 10 }, (_, i) => `proj_${'p'.repeat(20)}${i}`);
    const { own, added } = functionStatements<object>({
      ...everything,
      assumableRoles: few.slice(0, 30),
      projects,
    });
    expect(lengthOf(own) + xRay).toBeLessThan(10_240);
    expect(lengthOf(added)).toBeLessThan(6144);
    expect(() =>
      readSettings({ gateway: { ...everything, assumableRoles: few, projects: projects.concat(projects) } }),
    ).toThrow(/assumableRoles and gateway.projects make \d+ characters of a policy, and 4500 are the most/);
  });

  test('more regions stop the synthesis', () => {
    const gateway = { regions: [...longest, 'eu-west-1'] };
    expect(() => readSettings({ gateway })).toThrow(SettingsError);
    expect(() => readSettings({ gateway })).toThrow(/names 7 regions .*: at most 6/);
  });
});
