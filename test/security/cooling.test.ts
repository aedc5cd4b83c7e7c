import { afterEach, describe, expect, test } from 'vitest';
import { callError } from '../../lambda/backends/errors/call-error.ts';
import { createCooldown } from '../../lambda/policy/cooldown.ts';
import { chat, nova } from '../support/chat.ts';
import { inProcessOnly } from '../support/in-process-only.ts';
import { quickClock } from '../support/quick-clock.ts';
import { type Stack, startStack } from '../support/stack.ts';

/** What one request brings upon itself must not keep its model from the others. */

interface Circumstances {
  callerCredentials?: boolean;
  ownCapacity?: boolean;
}

/** Whether a model is passed over for others after Bedrock has failed one call of it so. */
function cools(name: string, message: string, status: number, circumstances: Circumstances = {}): boolean {
  const thrown = Object.assign(new Error(message), { name, $metadata: { httpStatusCode: status } });
  const context = { model: 'm', signal: new AbortController().signal, waitedMs: 1, ...circumstances };
  const cooldown = createCooldown({ now: () => 0 });
  cooldown.failed('m', 'us-east-1', callError(thrown, context));
  return cooldown.isCooling('m', 'us-east-1');
}

const user = 'User: arn:aws:sts::123456789012:assumed-role/r/s is not authorized to perform:';
const ofModel: [name: string, message: string, status: number][] = [
  ['ThrottlingException', 'Too many requests, please wait before trying again.', 429],
  ['ThrottlingException', 'Too many tokens per day, please wait before trying again.', 429],
  ['ServiceQuotaExceededException', 'Your request exceeds the service quota for your account.', 400],
  ['ServiceUnavailableException', 'Bedrock is unable to process your request.', 503],
  ['ModelNotReadyException', 'Model is not ready for inference.', 429],
  ['AccessDeniedException', "You don't have access to the model with the specified model ID.", 403],
  [
    'AccessDeniedException',
    `${user} bedrock:InvokeModel on resource: arn:aws:bedrock:us-east-1::foundation-model/m`,
    403,
  ],
  [
    'AccessDeniedException',
    'Model access is denied due to IAM user or service role is not authorized to perform the required AWS Marketplace actions (aws-marketplace:ViewSubscriptions)',
    403,
  ],
  ['ResourceNotFoundException', 'This model version has reached the end of its life.', 404],
  [
    'ResourceNotFoundException',
    'Access denied. This Model is marked by provider as Legacy and you have not been',
    404,
  ],
  ['ResourceNotFoundException', 'Model use case details have not been submitted for this account.', 404],
];

const guardrail = 'arn:aws:bedrock:us-east-1:999999999999:guardrail/evil';
const ofRequest: [name: string, message: string, status: number][] = [
  ['AccessDeniedException', `${user} bedrock:ApplyGuardrail on resource: ${guardrail}`, 403],
  ['AccessDeniedException', `${user} bedrock:InvokeModel on resource: ${guardrail}`, 403],
  ['ThrottlingException', 'Too many requests for the guardrail, please wait.', 429],
  ['ServiceQuotaExceededException', 'The text exceeds the number of units of the guardrail.', 400],
  ['ServiceUnavailableException', 'The guardrail is unavailable.', 503],
  ['ValidationException', 'The guardrail identifier or version provided in the request does not exist.', 400],
  ['AccessDeniedException', 'Access denied to S3 object', 403],
  ['AccessDeniedException', `${user} s3:GetObject on resource: "arn:aws:s3:::b/x"`, 403],
  ['AccessDeniedException', `${user} kms:Decrypt on resource: arn:aws:kms:us-east-1:123456789012:key/k`, 403],
  [
    'AccessDeniedException',
    'Access denied to s3://b/This model version has reached the end of its life',
    403,
  ],
  ['AccessDeniedException', `Access denied to s3://b/${user} bedrock:InvokeModel`, 403],
  ['ThrottlingException', 'Too many requests for the service tier flex.', 429],
  ['AccessDeniedException', 'The service tier reserved is not open to your account.', 403],
  ['AccessDeniedException', 'Some reason that nobody has heard of.', 403],
  [
    'ValidationException',
    '#: extraneous key [This model version has reached the end of its life] is not permitted',
    400,
  ],
  [
    'ValidationException',
    'This model version has reached the end of its life: Extra inputs are not permitted',
    400,
  ],
  ['ValidationException', 'This Model is marked by provider as Legacy: Extra inputs are not permitted', 400],
  ['ValidationException', `${user} bedrock:InvokeModel: Extra inputs are not permitted`, 400],
  ['ValidationException', 'aws-marketplace:Subscribe: Extra inputs are not permitted', 400],
  ['InternalServerException', 'The system encountered an unexpected error during processing.', 500],
  ['ModelTimeoutException', 'Model has timed out in processing the request.', 408],
  ['ModelErrorException', 'The system encountered an unexpected error during processing.', 424],
  ['SomethingNewException', 'Nobody has heard of it.', 500],
  ['ResourceNotFoundException', 'Could not resolve the foundation model from the model identifier.', 404],
  ['UnrecognizedClientException', 'The security token included in the request is invalid.', 403],
];

inProcessOnly('functions')('what Bedrock says of a model keeps it from others for a while', () => {
  test.each(ofModel)('%s: %s', (...refusal) => expect(cools(...refusal)).toBe(true));
});

inProcessOnly('functions')('but not for a caller’s own account', () => {
  test.each(ofModel)('%s: %s', (...refusal) =>
    expect(cools(...refusal, { callerCredentials: true })).toBe(false),
  );
});

inProcessOnly('functions')('and not for capacity that the request has chosen', () => {
  test.each(ofModel)('%s: %s', (...refusal) => expect(cools(...refusal, { ownCapacity: true })).toBe(false));
});

inProcessOnly('functions')('what a request brings upon itself keeps the model from nobody', () => {
  test.each(ofRequest)('%s: %s', (...refusal) => expect(cools(...refusal)).toBe(false));
});

inProcessOnly('functions')('a connection', () => {
  const broken = (code: string) => {
    const cooldown = createCooldown({ now: () => 0 });
    const error = Object.assign(new Error(code), { code });
    cooldown.failed(
      'm',
      'r',
      callError(error, { model: 'm', signal: new AbortController().signal, waitedMs: 1 }),
    );
    return cooldown.isCooling('m', 'r');
  };
  test.each(['ECONNREFUSED', 'ENOTFOUND', 'ETIMEDOUT'])('that cannot be made: %s', (code) =>
    expect(broken(code)).toBe(true),
  );
  test.each(['ECONNRESET', 'EPIPE', 'SyntaxError'])('that may have broken of what was sent: %s', (code) =>
    expect(broken(code)).toBe(false),
  );
});

describe('through the gateway', () => {
  let stack: Stack;
  afterEach(() => stack.close());
  const other = 'us.amazon.nova-pro-v1:0';
  const start = async () => {
    const env = { AWS_MAX_ATTEMPTS: '1', FALLBACKS: JSON.stringify({ default: [other] }) };
    stack = await startStack({ env, gateway: { clock: quickClock() } });
  };
  const next = async () => (await chat(stack, 'Hello there', { model: nova })).attempts;

  test.each<[string, string, object?]>([
    ['a model without access', '[[access-denied@nova-lite]]'],
    ['a busy model', '[[unavailable@nova-lite]]'],
    ['a throttled one', '[[throttle@nova-lite]]', { serviceTier: { type: 'default' } }],
  ])('%s is left alone for a while', async (_, prompt, more) => {
    await start();
    await chat(stack, prompt, { model: nova, ...more });
    expect(await next()).toEqual([`${nova}@us-east-1=cooling_down`, `${other}@us-east-1=ok`]);
  });

  test.each<[string, string, object?]>([
    ['a flexible tier without room', '[[throttle@nova-lite]]', { serviceTier: { type: 'flex' } }],
    ['a tier by OpenAI’s name', '[[unavailable@nova-lite]]', { service_tier: 'priority' }],
    [
      'optimised latency without room',
      '[[throttle@nova-lite]]',
      { performanceConfig: { latency: 'optimized' } },
    ],
    ['a request that the service fails on', '[[internal@nova-lite]]'],
    ['a request that breaks the connection', '[[reset@nova-lite]]'],
    [
      'a guardrail that does not exist',
      'Hello',
      { guardrailConfig: { guardrailIdentifier: 'nobodys', guardrailVersion: '1' } },
    ],
  ])('%s leaves the model to the others', async (_, prompt, more) => {
    await start();
    for (const stream of [false, true]) {
      await chat(stack, prompt, { model: nova, ...more, stream });
      expect(await next()).toEqual([`${nova}@us-east-1=ok`]);
    }
  });
});
