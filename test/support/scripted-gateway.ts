import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import { type StandIn, type StandInCall, startStandIn } from './bedrock-stand-in.ts';
import type { MessagesBody } from './captures.ts';
import { ask, type Said } from './messages.ts';
import { type Stack, startStack } from './stack.ts';

/** A gateway on real sockets, and the Bedrock that a test writes for it. */
export interface ScriptedGateway {
  readonly stack: Stack;
  readonly bedrock: StandIn;
}

/** One for all tests of a file. It starts before the first of them, and each finds a Bedrock that has not been called. */
export function scriptedGateway(env: Record<string, string> = {}): ScriptedGateway {
  let started: ScriptedGateway | undefined;
  const running = () => {
    if (!started) throw new Error('It runs within tests alone.');
    return started;
  };
  beforeAll(async () => {
    const bedrock = await startStandIn();
    const stack = await startStack({ runtimeUrl: bedrock.url, env: { AWS_MAX_ATTEMPTS: '1', ...env } });
    started = { stack, bedrock };
  });
  beforeEach(() => running().bedrock.script());
  afterAll(async () => {
    await started?.stack.close();
    await started?.bedrock.close();
  });
  return {
    get stack() {
      return running().stack;
    },
    get bedrock() {
      return running().bedrock;
    },
  };
}

/** Asks for a message that is answered, with one call of Bedrock. */
export async function answered(
  { stack, bedrock }: ScriptedGateway,
  body: MessagesBody,
  headers: Record<string, string> = {},
): Promise<{ said: Said; call: StandInCall }> {
  const said = await ask(stack, body, headers);
  expect([said.status, said.error]).toEqual([200, undefined]);
  expect(bedrock.calls).toHaveLength(1);
  return { said, call: bedrock.last() };
}
