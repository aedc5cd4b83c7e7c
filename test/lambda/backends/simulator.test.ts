import { afterAll, beforeAll, expect, test } from 'vitest';
import { createConverseBackend } from '../../../lambda/backends/converse.ts';
import type { BedrockClients } from '../../../lambda/bedrock/clients.ts';
import { fold } from '../../../lambda/canonical/fold.ts';
import type { ConverseEvent } from '../../../lambda/canonical/types.ts';
import { type Simulator, startSimulator } from '../../../local/simulator/index.ts';
import { itemsOf } from '../../support/sources.ts';
import { call, testClients } from './fake-bedrock.ts';

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

test('an answer and the events of a stream are those of the simulator', async () => {
  const backend = createConverseBackend(clients);
  const { answer } = await backend.send(call());
  expect(answer.output.message.content[0]).toHaveProperty('text');
  const events: ConverseEvent[] = [];
  for await (const batch of itemsOf((await backend.stream(call())).events)) events.push(...batch);
  expect(fold(events)).toMatchObject({ output: answer.output, stopReason: answer.stopReason });
});

test('its refusals are errors of the table', async () => {
  const { send } = createConverseBackend(clients);
  const target = { ...call().target, id: 'nobody.nothing-v1:0' };
  await expect(send(call({ target }))).rejects.toMatchObject({ reason: 'model_not_found', status: 404 });
});
