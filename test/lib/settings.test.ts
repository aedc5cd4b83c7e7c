import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allSettings, readSettings, SettingsError } from '../../lib/settings.ts';

function problems(context: Record<string, unknown>): string[] {
  try {
    readSettings(context);
    return [];
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    const [title, ...lines] = error.message.split('\n');
    expect(title).toBe('The gateway’s settings cannot be used:');
    return lines.map((line) => line.replace(/^ {2}/, ''));
  }
}

const defaults = {
  stackName: 'BedrockGateway',
  memorySize: 1024,
  timeoutSeconds: 900,
  reservedConcurrency: undefined,
  logRetentionDays: 30,
  tracing: false,
  limits: false,
  projects: [],
  store: false,
  metrics: true,
  dashboard: true,
  allowedOrigins: [],
  apiKeySecretArn: undefined,
  apiKeySecretKmsKeyArn: undefined,
  batches: false,
  batchRetentionDays: 30,
  batchInputs: [],
  environment: {},
};

describe('settings', () => {
  it('have defaults', () => {
    expect(readSettings({})).toEqual(defaults);
    expect(readSettings({ gateway: {}, 'cli-telemetry': false })).toEqual(defaults);
    expect(readSettings({ gateway: { memorySize: null } })).toEqual(defaults);
  });

  it('come from cdk.json', () => {
    const gateway = { memorySize: 512, defaultModel: 'm', regions: ['eu-west-1'], tracing: true };
    expect(readSettings({ gateway })).toEqual({
      ...defaults,
      memorySize: 512,
      tracing: true,
      environment: { DEFAULT_MODEL: 'm', GATEWAY_REGIONS: 'eu-west-1' },
    });
  });

  it.each([
    ['a block', { gateway: '{"memorySize":512}' }, { memorySize: 512 }],
    ['a number', { 'gateway.memorySize': '512' }, { memorySize: 512 }],
    ['a boolean', { 'gateway.tracing': 'true' }, { tracing: true }],
    ['text that looks like a number', { 'gateway.stackName': 'g2' }, { stackName: 'g2' }],
    [
      'a list',
      { 'gateway.allowedOrigins': 'http://a, http://b' },
      { allowedOrigins: ['http://a', 'http://b'] },
    ],
    ['a JSON list', { 'gateway.allowedOrigins': '["*"]' }, { allowedOrigins: ['*'] }],
    ['a choice', { 'gateway.logLevel': 'debug' }, { environment: { LOG_LEVEL: 'debug' } }],
    ['a numeric choice', { 'gateway.logRetentionDays': '7' }, { logRetentionDays: 7 }],
    ['an object', { 'gateway.aliases': '{"a":"b"}' }, { environment: { MODEL_ALIASES: '{"a":"b"}' } }],
  ])('come from the command line: %s', (_, context, expected) => {
    expect(readSettings(context)).toEqual({ ...defaults, ...expected });
  });

  it('from the command line win over cdk.json, and an empty one takes its setting back', () => {
    const gateway = { memorySize: 512, timeoutSeconds: 60 };
    expect(readSettings({ gateway, 'gateway.memorySize': '2048', 'gateway.timeoutSeconds': '' })).toEqual({
      ...defaults,
      memorySize: 2048,
    });
  });
});

describe('a bad setting', () => {
  const arn = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:key';
  it.each<[Record<string, unknown>, string]>([
    [{ memroySize: 1 }, 'gateway.memroySize is not a setting: did you mean memorySize?'],
    [{ defaultmodel: 'm' }, 'gateway.defaultmodel is not a setting: did you mean defaultModel?'],
    [
      { toString: 1 },
      `gateway.toString is not a setting: settings are ${Object.keys(allSettings).join(', ')}`,
    ],
    [{ memorySize: 64 }, 'gateway.memorySize is 64: must be a whole number from 128 to 10240'],
    [{ memorySize: '512' }, 'gateway.memorySize is "512": must be a whole number from 128 to 10240'],
    [{ timeoutSeconds: 901 }, 'gateway.timeoutSeconds is 901: must be a whole number from 1 to 900'],
    [{ timeoutSeconds: 1.5 }, 'gateway.timeoutSeconds is 1.5: must be a whole number from 1 to 900'],
    [
      { reservedConcurrency: -1 },
      'gateway.reservedConcurrency is -1: must be a whole number from 0 to 100000',
    ],
    [
      { logRetentionDays: 31 },
      'gateway.logRetentionDays is 31: must be one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653',
    ],
    [{ tracing: 'yes' }, 'gateway.tracing is "yes": must be true or false'],
    [
      { stackName: 'my_gateway' },
      'gateway.stackName is "my_gateway": must be a letter and then up to 127 letters, digits or hyphens',
    ],
    [
      { allowedOrigins: ['https://a.example/app'] },
      'gateway.allowedOrigins is ["https://a.example/app"]: must be a list of origins such as ["https://app.example.com"], or ["*"]',
    ],
    [
      { apiKeySecretArn: arn },
      `gateway.apiKeySecretArn is "${arn}": must be the complete ARN of a secret, with the six characters that Secrets Manager puts at its end`,
    ],
    [
      { apiKeySecretKmsKeyArn: 'arn:aws:kms:us-east-1:123456789012:key/a-b' },
      'gateway.apiKeySecretKmsKeyArn is set without gateway.apiKeySecretArn, whose key it is',
    ],
    [{ defaultModel: '' }, 'gateway.defaultModel is "": must be a model name, profile id or ARN'],
    [{ fetchImages: 'true' }, 'gateway.fetchImages is "true": must be true or false'],
    [{ residency: 'eu' }, 'gateway.residency is "eu": must be one of global, geography, region'],
    [{ heartbeatSeconds: 0 }, 'gateway.heartbeatSeconds is 0: must be a whole number from 1 to 300'],
    [
      { regions: 'us-east-1' },
      'gateway.regions is "us-east-1": must be a list of AWS regions such as ["us-east-1", "us-west-2"]',
    ],
    [
      { regions: ['us-east-1', 'mars'] },
      'gateway.regions is ["us-east-1","mars"]: 1 must be an AWS region such as us-east-1',
    ],
    [{ aliases: ['a'] }, 'gateway.aliases is ["a"]: must be an object from names to models'],
    [
      { aliases: { a: { model: 'm', inferenceConfig: { topP: 3 } } } },
      'gateway.aliases is {"a":{"model":"m","inferenceConfig":{"topP":3}}}: a.inferenceConfig.topP must be at most 1',
    ],
    [
      { aliases: { a: { modle: 'm' } } },
      'gateway.aliases is {"a":{"modle":"m"}}: a must be a model name, or an object with model and any of inferenceConfig (maxTokens, temperature, topP, stopSequences), guardrailConfig and serviceTier',
    ],
    [
      { guardrail: { guardrailIdentifier: 'g' } },
      'gateway.guardrail is {"guardrailIdentifier":"g"}: guardrailVersion is missing',
    ],
    [
      { fallbacks: { defaults: ['m'] } },
      'gateway.fallbacks is {"defaults":["m"]}: defaults is unknown: the members are default, models, onContextOverflow and onContentFilter',
    ],
  ])('%j', (gateway, message) => {
    expect(problems({ gateway })).toEqual([message]);
  });

  it.each<[Record<string, unknown>, string]>([
    [
      { 'gateway.memorySize': 'big' },
      'gateway.memorySize is "big": must be a whole number from 128 to 10240',
    ],
    [{ 'gateway.memory': '1' }, 'gateway.memory is not a setting: did you mean memorySize?'],
    [{ gateway: '{memorySize:1}' }, 'gateway is "{memorySize:1}": must be a JSON object'],
    [{ gateway: ['memorySize'] }, 'gateway is ["memorySize"]: must be a JSON object'],
    [{ gateway: '[]' }, 'gateway is "[]": must be a JSON object'],
  ])('from the command line: %j', (context, message) => {
    expect(problems(context)).toEqual([message]);
  });

  it('does not hide another', () => {
    const gateway = { tracing: 1, residency: 'x', regions: ['mars'], guardrail: {} };
    expect(problems({ gateway })).toEqual([
      'gateway.tracing is 1: must be true or false',
      'gateway.residency is "x": must be one of global, geography, region',
      'gateway.regions is ["mars"]: 0 must be an AWS region such as us-east-1',
      'gateway.guardrail is {}: guardrailIdentifier is missing',
      'gateway.guardrail is {}: guardrailVersion is missing',
    ]);
  });

  it.each<[string, Record<string, unknown>, string]>([
    [
      'an alarm that there is not',
      { alarms: { serverErorPercent: 3 } },
      'gateway.alarms has serverErorPercent, which is no alarm: did you mean serverErrorPercent?',
    ],
    [
      'more than all requests',
      { alarms: { throttledPercent: 101 } },
      'gateway.alarms has throttledPercent as 101: must be a number from 0 to 100, or false for no such alarm',
    ],
    [
      'no number',
      { alarms: { unpriced: '1' } },
      'gateway.alarms has unpriced as "1": must be a number from 0, or false for no such alarm',
    ],
    [
      'alarms without metrics',
      { alarms: {}, metrics: false },
      'gateway.alarms are set and gateway.metrics is false: there would be nothing to watch',
    ],
    [
      'alarms without a log',
      { alarms: {}, logLevel: 'silent' },
      'gateway.alarms are set and gateway.logLevel is silent: no line that they watch is written',
    ],
    [
      'a topic without alarms',
      { alarmTopicArn: 'arn:aws:sns:us-east-1:123456789012:pager' },
      'gateway.alarmTopicArn is set without gateway.alarms, which would send to it',
    ],
  ])('of alarms names what is wrong: %s', (_name, gateway, problem) => {
    expect(problems({ gateway })).toEqual([problem]);
  });

  it('is a SettingsError whatever the value', () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(allSettings)), fc.jsonValue(), (name, value) => {
        for (const line of problems({ gateway: { [name]: value } }))
          expect(line).toContain(`gateway.${name} `);
      }),
    );
  });
});

describe('an environment over Lambda’s limit', () => {
  const aliases = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, i) => [`name-${i}`, 'amazon.nova-lite-v1:0']));

  it('is refused before Lambda does, naming what is large', () => {
    const gateway = { aliases: aliases(120), retiredModels: aliases(5), defaultModel: 'm', logLevel: 'info' };
    expect(problems({ gateway })).toEqual([
      'The settings make an environment of 5348 bytes and Lambda takes 4096. The largest: gateway.aliases (4573 bytes), gateway.retiredModels (188 bytes), gateway.logLevel (6 bytes).',
    ]);
  });

  it('is measured as JSON, with room for what the stack adds', () => {
    const model = (length: number) => ({
      gateway: { defaultModel: 'm'.repeat(1900), defaultEmbeddingModel: 'm'.repeat(length) },
    });
    const frame = JSON.stringify({ DEFAULT_MODEL: '', DEFAULT_EMBEDDING_MODEL: '' }).length;
    const largest = 4096 - 512 - frame - 1900;
    expect(problems(model(largest))).toEqual([]);
    expect(problems(model(largest + 1))).toHaveLength(1);
  });

  it('about models are refused where they could never work, in the words of the settings', () => {
    const profile = 'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/a1b2c3';
    const wrong: [Record<string, unknown>, RegExp][] = [
      [{ aliases: { a: 'b', b: 'a' } }, /^gateway\.aliases: "a" leads back to itself$/],
      [{ retiredModels: { x: 'y', y: 'x' } }, /^gateway\.retiredModels: "x" leads back to itself$/],
      [{ profileMappings: { [profile]: profile } }, /^gateway\.profileMappings: .* leads back to itself$/],
      [{ importedModelFormats: { m: 'nope' } }, /^gateway\.importedModelFormats m is "nope": must be one of/],
      [{ defaultModel: 'custom:mars:x' }, /^gateway\.defaultModel: .*not an AWS region/],
    ];
    for (const [gateway, message] of wrong) {
      expect(problems({ gateway })).toEqual([expect.stringMatching(message)]);
    }
  });
});
