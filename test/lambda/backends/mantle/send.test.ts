import { describe, expect, test } from 'vitest';
import type { BackendCall } from '../../../../lambda/backends/backend.ts';
import { apiOf, pathOf } from '../../../../lambda/backends/mantle/paths.ts';
import { createSend } from '../../../../lambda/backends/mantle/send.ts';
import type { MantleClient } from '../../../../lambda/bedrock/mantle-client.ts';
import { able } from '../../../support/capabilities.ts';

const call = (
  changes: { region?: string } & Pick<BackendCall, 'credentials' | 'payer'> = {},
): BackendCall => {
  const { region = 'us-east-1', credentials, payer } = changes;
  const target = { asked: 'm', id: 'zai.glm-4.6', region, backend: 'mantle' as const, capabilities: able({}), reportAs: 'm', warnings: [] }; // biome-ignore format: one line
  const signal = new AbortController().signal;
  return {
    target,
    request: { messages: [] },
    signal,
    ...(credentials && { credentials }),
    ...(payer && { payer }),
  };
};

/** What the endpoint is asked, where every call ends so. */
function failing(error: Error) {
  let time = 0;
  const regions: string[] = [];
  const client: MantleClient = {
    assume: async () => credentials,
    async send({ region }) {
      regions.push(region);
      throw error;
    },
  };
  const send = createSend(client, () => time);
  const ask = (given: BackendCall) => send(given, 'v1/chat/completions', {}, false).catch((thrown) => thrown);
  return { ask, regions, pass: (ms: number) => { time += ms; } }; // biome-ignore format: one line
}

const absent = Object.assign(new Error('getaddrinfo ENOTFOUND bedrock-mantle.af-south-1.api.aws'), { code: 'ENOTFOUND' }); // biome-ignore format: one line
const denied = Object.assign(new Error('User: arn:aws:sts::123456789012:assumed-role/g/x is not authorized to perform: bedrock-mantle:CreateInference'), { name: 'AccessDeniedException', $metadata: { httpStatusCode: 403 } }); // biome-ignore format: one line
const busy = Object.assign(new Error('Slow down.'), { name: 'ThrottlingException', $metadata: { httpStatusCode: 429 } }); // biome-ignore format: one line
const credentials = { accessKeyId: 'AKIA', secretAccessKey: 's' };

describe('N28 where nothing is to be had', () => {
  test('a host that does not exist is looked for once in five minutes, in its region alone', async () => {
    const { ask, regions, pass } = failing(absent);
    for (let i = 0; i < 20; i += 1) {
      const error = await ask(call({ region: 'af-south-1' }));
      expect(error).toMatchObject({ status: 502, reason: 'connection', ofModel: true, mayHaveRun: false });
      expect(error.message).toContain('af-south-1 has no bedrock-mantle endpoint');
    }
    await ask(call());
    expect(regions).toEqual(['af-south-1', 'us-east-1']);
    pass(300_000);
    await ask(call({ region: 'af-south-1' }));
    expect(regions).toHaveLength(3);
  });

  test('a permission that is missing is asked for once a minute, and names no role', async () => {
    const { ask, regions, pass } = failing(denied);
    for (let i = 0; i < 20; i += 1) {
      const error = await ask(call());
      expect(error.reason).toBe('access_denied');
      expect(error.message).not.toMatch(/assumed-role|123456789012/);
    }
    expect(regions).toHaveLength(1);
    pass(60_000);
    await ask(call());
    expect(regions).toHaveLength(2);
  });

  test('what a caller’s own credentials may not says nothing of the gateway’s', async () => {
    const { ask, regions } = failing(denied);
    await ask(call({ credentials }));
    await ask(call());
    expect(regions).toHaveLength(2);
  });

  test('any other failure is no reason to stay away', async () => {
    const { ask, regions } = failing(busy);
    await ask(call());
    await ask(call());
    expect(regions).toHaveLength(2);
  });
});

test.each([
  ['zai.glm-4.6', 'v1/chat/completions'],
  ['openai.gpt-oss-120b', 'v1/chat/completions'],
  ['google.gemma-4-31b', 'openai/v1/chat/completions'],
  ['xai.grok-4.3', 'openai/v1/chat/completions'],
  ['openai.gpt-5.4-2026-03-05', 'openai/v1/responses'],
])('%s is asked at %s', (id, path) => {
  expect(pathOf(id)).toBe(path);
  expect(path).toContain(apiOf(id));
});

test('what the role of one key is denied closes the region for nobody', async () => {
  const { ask, regions } = failing(denied);
  const billing = { role: { arn: 'arn:aws:iam::123456789012:role/a', session: 'aa', tags: {} } };
  for (let i = 0; i < 3; i += 1) {
    const error = await ask(call({ payer: { marks: {}, billing } }));
    expect(error).toMatchObject({ reason: 'access_denied', ofModel: false });
    expect(error.message).toContain('The AWS role of this API key');
  }
  expect(regions).toHaveLength(3);
});
