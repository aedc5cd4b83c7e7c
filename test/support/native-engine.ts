import { meteredNative } from '../../lambda/accounting/native-meter.ts';
import type { NativeBackend } from '../../lambda/backends/backend.ts';
import type { NativeAnswer, NativeRequest } from '../../lambda/canonical/native.ts';
import type { JsonObject } from '../../lambda/canonical/types.ts';
import { readConfig } from '../../lambda/config.ts';
import { createEngine } from '../../lambda/engine/engine.ts';
import { GatewayError } from '../../lambda/errors.ts';
import { capabilitiesOf } from '../../lambda/models/families/capabilities-of.ts';
import { createLearned } from '../../lambda/models/learned.ts';
import type { Target } from '../../lambda/models/target.ts';
import { createCooldown } from '../../lambda/policy/cooldown.ts';
import { fakeClock } from '../lambda/policy/fake-clock.ts';
import { requestContext } from './context.ts';

const answer: NativeAnswer = {
  body: { type: 'message' },
  stopReason: 'end_turn',
  usage: { inputTokens: 1, outputTokens: 1, totalTokens: 2 },
};

/**
 * An engine whose models all are one Claude, called in its own API. `refuses` says what Bedrock has against a body; its
 * `nth` call is counted from 1.
 */
export function nativeEngine(model: string, refuses: (body: JsonObject, nth: number) => string | undefined) {
  const clock = fakeClock();
  const sent: JsonObject[] = [];
  const backend: NativeBackend = {
    async send({ native }) {
      sent.push(native.body);
      const message = refuses(native.body, sent.length);
      if (message !== undefined) throw refused(message);
      return { answer, requestId: 'r' };
    },
    async stream() {
      throw new Error('not asked for');
    },
  };
  const resolve = async (name: string): Promise<Target> => ({
    asked: name,
    id: model,
    region: 'us-east-1',
    backend: 'converse',
    capabilities: capabilitiesOf(model),
    reportAs: name,
    warnings: [],
  });
  const engine = createEngine({
    config: readConfig({}),
    resolver: {
      resolve,
      explain: async (name) => ({ target: await resolve(name), reasons: [] }),
      afterRefusal: async () => undefined,
    },
    backend: () => {
      throw new Error('the request went by Converse');
    },
    nativeBackend: async () => meteredNative(backend, clock.now),
    learned: createLearned({ now: clock.now }),
    cooldown: createCooldown({ now: clock.now }),
    clock,
  });
  return {
    sent,
    async ask(body: JsonObject, betas: string[] = []) {
      const context = requestContext({ deadline: Number.MAX_SAFE_INTEGER });
      const native: NativeRequest = { api: 'messages', body, betas, settings: {} };
      const canonical = () => {
        throw new Error('the canonical shape was asked for');
      };
      const plan = await engine.permit({ model }, context);
      return engine.answer({ canonical, native, lane: 'native' }, plan, context);
    },
  };
}

const refused = (message: string) =>
  new GatewayError({
    status: 400,
    reason: 'bad_request',
    message: 'refused',
    upstream: { name: 'ValidationException', message, status: 400 },
  });
