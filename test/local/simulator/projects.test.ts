import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { projectIds } from '../../../local/simulator/account/projects.ts';
import { type Simulator, startSimulator } from '../../../local/simulator/index.ts';
import { ask } from './blocks.ts';
import { claude, nova, post, signed } from './helpers.ts';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.close());

const [search] = projectIds;
const arn = (region: string, id: string) => `arn:aws:bedrock:${region}:123456789012:project/${id}`;
const profile = 'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/9zk4q2lm7x0p';
const messages = { max_tokens: 9, anthropic_version: 'bedrock-2023-05-31', messages: [{ role: 'user', content: 'Hi' }] }; // biome-ignore format: one line

/** The status, and why not 200, of the same project in Converse's body and in InvokeModel's header. */
async function inBoth(projectIdentifier: string, converseModel = nova, invokeModel = claude) {
  const path = (model: string, word: string) => `/model/${encodeURIComponent(model)}/${word}`;
  const header = { ...signed(), 'x-amzn-bedrock-projectidentifier': projectIdentifier };
  const answers = await Promise.all([
    post(simulator, path(converseModel, 'converse'), { messages: ask(), projectIdentifier }),
    post(simulator, path(invokeModel, 'invoke'), messages, header),
  ]);
  return answers.map(({ response }) => [
    response.status,
    response.headers.get('x-amzn-errortype')?.replace(/:.*/, ''),
  ]);
}

describe('projectIdentifier of Converse and InvokeModel', () => {
  test.each([search, 'default', arn('us-east-1', search), arn('us-east-1', 'default')])(
    'takes %s',
    async (id) => {
      expect(await inBoth(id)).toEqual([
        [200, undefined],
        [200, undefined],
      ]);
    },
  );

  test.each([
    'proj_0',
    arn('eu-west-1', search),
    arn('us-east-1', search).replace('1234', '4321'),
    'Default',
  ])('does not find %s', async (id) => {
    const notFound = [404, 'ResourceNotFoundException'];
    expect(await inBoth(id)).toEqual([notFound, notFound]);
  });

  test('not beside an application inference profile, nor of more than 2,048 characters', async () => {
    const invalid = [400, 'ValidationException'];
    const ofClaude = profile.replace('9zk4q2lm7x0p', '1arbu5hu2sjr');
    expect(await inBoth(search, profile, ofClaude)).toEqual([invalid, invalid]);
    expect(await inBoth('p'.repeat(2049))).toEqual([invalid, invalid]);
  });

  test('CountTokens does not know it', async () => {
    const body = { input: { converse: { messages: ask() } }, projectIdentifier: 'proj_0' };
    const model = 'anthropic.claude-haiku-4-5-20251001-v1:0';
    const { response } = await post(simulator, `/model/${model}/count-tokens`, body);
    expect(response.status).toBe(200);
  });
});

test('request metadata in a header has to be signed', async () => {
  const metadata = { 'x-amzn-bedrock-request-metadata': '{"a":"b"}' };
  const path = `/model/${claude}/invoke`;
  const { response } = await post(simulator, path, messages, { ...signed(), ...metadata });
  expect(response.headers.get('x-amzn-errortype')).toMatch(/^InvalidSignatureException/);
  const { authorization = '', ...headers } = signed();
  const all = { ...headers, ...metadata, authorization: authorization.replace('x-amz-date,', 'x-amz-date;x-amzn-bedrock-request-metadata,') }; // biome-ignore format: one line
  expect((await post(simulator, path, messages, all)).response.status).toBe(200);
});
