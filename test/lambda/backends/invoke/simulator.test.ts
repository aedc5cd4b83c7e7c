import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createInvokeBackend } from '../../../../lambda/backends/invoke/backend.ts';
import { chooseFormat } from '../../../../lambda/backends/invoke/choose-format.ts';
import type { BedrockClients } from '../../../../lambda/bedrock/clients.ts';
import { fold } from '../../../../lambda/canonical/fold.ts';
import type { ConverseEvent, ConverseRequest } from '../../../../lambda/canonical/types.ts';
import { type Simulator, startSimulator } from '../../../../local/simulator/index.ts';
import { importedModels } from '../../../../local/simulator/models/owned.ts';
import { itemsOf } from '../../../support/sources.ts';
import { call, testClients } from '../fake-bedrock.ts';

let simulator: Simulator;
let clients: BedrockClients;

beforeAll(async () => {
  simulator = await startSimulator();
  clients = testClients(simulator.url);
});
afterAll(async () => {
  clients.close();
  await simulator.close();
});

const arnOf = (id: string) => `arn:aws:bedrock:us-east-1:123456789012:imported-model/${id}`;

function callOf(id: string, format: string, request: Partial<ConverseRequest> = {}) {
  const base = call();
  const target = { ...base.target, id: arnOf(id), backend: 'invoke' as const, format };
  return {
    ...base,
    target,
    request: { messages: [{ role: 'user' as const, content: [{ text: 'Ahoy there' }] }], ...request },
  };
}

async function streamed(request: ReturnType<typeof callOf>) {
  const events: ConverseEvent[] = [];
  const { events: batches } = await createInvokeBackend(clients).stream(request);
  for await (const batch of itemsOf(batches)) events.push(...batch);
  return fold(events);
}

async function wake(id: string, format: string): Promise<void> {
  await createInvokeBackend(clients)
    .send(callOf(id, format))
    .catch(() => {});
}

describe.each(importedModels)(
  '$name ($architecture of $created)',
  ({ id, architecture, created, coldStarts }) => {
    const format = chooseFormat({ arn: arnOf(id), architecture, createdAt: Date.parse(created) });

    test(`answers in its format, ${format}, whole and in a stream`, async () => {
      simulator.reset();
      for (let i = 0; i < coldStarts; i += 1) await wake(id, format);
      const { answer } = await createInvokeBackend(clients).send(callOf(id, format));
      const [block] = answer.output.message.content;
      expect(block).toEqual({ text: expect.stringMatching(/^You said: “Ahoy there”\..*\.$/) });
      expect(answer.stopReason).toBe('end_turn');
      expect(answer.usage).not.toHaveProperty('estimated');
      expect(await streamed(callOf(id, format))).toMatchObject({
        output: answer.output,
        stopReason: 'end_turn',
        usage: { inputTokens: answer.usage.inputTokens },
      });
    });
  },
);

test('a model that is loaded says so twice, and then answers', async () => {
  simulator.reset();
  const { send } = createInvokeBackend(clients);
  const cold = callOf('b2c3d4e5f6a7', 'openai-chat');
  for (let i = 0; i < 2; i += 1) {
    await expect(send(cold)).rejects.toMatchObject({ reason: 'not_ready', status: 503 });
  }
  await expect(send(cold)).resolves.toMatchObject({ answer: { stopReason: 'end_turn' } });
});

test.each(['openai-completion', 'bedrock-completion'])('newer imports take %s as well', async (format) => {
  const { answer } = await createInvokeBackend(clients).send(
    callOf('c3d4e5f6a7b8', format, { inferenceConfig: { maxTokens: 4 } }),
  );
  expect(answer.stopReason).toBe('max_tokens');
  expect(answer.output.message.content).toEqual([{ text: expect.stringMatching(/^You said/) }]);
});

test('older imports take their own format only', async () => {
  await expect(
    createInvokeBackend(clients).send(callOf('d4e5f6a7b8c9', 'openai-chat')),
  ).rejects.toMatchObject({ status: 400, message: expect.stringContaining('Malformed input request') });
});

test('gpt-oss calls tools, whole and in a stream', async () => {
  const request = callOf('c3d4e5f6a7b8', 'openai-chat', {
    messages: [{ role: 'user', content: [{ text: 'What is the weather in Bern?' }] }],
    toolConfig: {
      tools: [
        {
          toolSpec: {
            name: 'get_weather',
            inputSchema: { json: { type: 'object', properties: { city: { type: 'string' } } } },
          },
        },
      ],
    },
  });
  const { answer } = await createInvokeBackend(clients).send(request);
  expect(answer.stopReason).toBe('tool_use');
  expect(answer.output.message.content).toEqual([
    { toolUse: { toolUseId: expect.any(String), name: 'get_weather', input: { city: 'Bern' } } },
  ]);
  expect((await streamed(request)).output).toEqual(answer.output);
});

test('a guardrail that steps in is the stop reason, with its trace', async () => {
  const { answer } = await createInvokeBackend(clients).send(
    callOf('c3d4e5f6a7b8', 'openai-chat', {
      messages: [{ role: 'user', content: [{ text: 'something forbidden' }] }],
      guardrailConfig: { guardrailIdentifier: 'abc123', guardrailVersion: '1', trace: 'enabled' },
    }),
  );
  expect(answer.stopReason).toBe('guardrail_intervened');
  // InvokeModel spells it otherwise than Converse does (recorded).
  expect(answer.trace?.guardrail).toHaveProperty('input.abc123');
});
