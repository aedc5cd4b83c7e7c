import { BedrockClient } from '@aws-sdk/client-bedrock';
import {
  BedrockRuntimeClient,
  ConverseCommand,
  type ConverseCommandInput,
  ConverseStreamCommand,
  type ConverseStreamOutput,
} from '@aws-sdk/client-bedrock-runtime';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { Simulator } from '../../../local/simulator/index.ts';

export const claude = 'us.anthropic.claude-haiku-4-5-20251001-v1:0';
export const nova = 'amazon.nova-lite-v1:0';

export interface ClientOptions {
  region?: string;
  accessKeyId?: string;
}

const settings = (
  simulator: Simulator,
  { region = 'us-east-1', accessKeyId = 'AKIATEST' }: ClientOptions,
) => ({
  region,
  endpoint: simulator.url,
  credentials: { accessKeyId, secretAccessKey: 'secret' },
  maxAttempts: 1,
  authSchemePreference: ['sigv4'],
  requestHandler: new NodeHttpHandler(),
});

export const runtime = (simulator: Simulator, options: ClientOptions = {}) =>
  new BedrockRuntimeClient(settings(simulator, options));
export const control = (simulator: Simulator, options: ClientOptions = {}) =>
  new BedrockClient(settings(simulator, options));

export const says = (text: string): ConverseCommandInput['messages'] => [
  { role: 'user', content: [{ text }] },
];

export function converse(
  client: BedrockRuntimeClient,
  text: string,
  more: Partial<ConverseCommandInput> = {},
) {
  return client.send(new ConverseCommand({ modelId: claude, messages: says(text), ...more }));
}

/** All events of a stream; rejects as the SDK does when it breaks. */
export async function stream(
  client: BedrockRuntimeClient,
  text: string,
  more: Partial<ConverseCommandInput> = {},
): Promise<ConverseStreamOutput[]> {
  const answer = await client.send(
    new ConverseStreamCommand({ modelId: claude, messages: says(text), ...more }),
  );
  const events: ConverseStreamOutput[] = [];
  for await (const event of answer.stream ?? []) events.push(event);
  return events;
}

export const textOf = (events: readonly ConverseStreamOutput[]): string =>
  events.map((event) => event.contentBlockDelta?.delta?.text ?? '').join('');

export const weather = {
  tools: [
    {
      toolSpec: {
        name: 'get_weather',
        description: 'The weather in a city',
        inputSchema: {
          json: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
        },
      },
    },
  ],
};

/** Headers that look signed: the simulator checks their form, not the signature. */
export function signed(
  now = Date.now(),
  { region = 'us-east-1', accessKeyId = 'AKIATEST' } = {},
): Record<string, string> {
  const stamp = new Date(now).toISOString().replace(/[-:]|\.\d+/g, '');
  return {
    'content-type': 'application/json',
    'x-amz-date': stamp,
    authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${stamp.slice(0, 8)}/${region}/bedrock/aws4_request, SignedHeaders=host;x-amz-date, Signature=${'a'.repeat(64)}`,
  };
}

/** A call with a body the SDK would not send. */
export async function post(simulator: Simulator, path: string, body: unknown, headers = signed()) {
  const response = await fetch(`${simulator.url}${path}`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  });
  return { response, bytes: Buffer.from(await response.arrayBuffer()) };
}
