import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { NativeRequest } from '../../../../lambda/canonical/native.ts';
import type { JsonObject } from '../../../../lambda/canonical/types.ts';
import { GatewayError } from '../../../../lambda/errors.ts';
import { fitPlain, isPlain } from '../../../../lambda/fit/messages/fit.ts';
import { fitMessages, needsConverse } from '../../../../lambda/fit/messages/index.ts';
import type { NativeFitted } from '../../../../lambda/fit/types.ts';
import { capabilitiesOf } from '../../../../lambda/models/families/capabilities-of.ts';
import { claudes, messagesRefusal } from '../../../support/claude-judge.ts';
import { type AskedMessages, askedMessages } from '../../../support/messages-bodies.ts';

const requestOf = (asked: AskedMessages): NativeRequest => ({ api: 'messages', settings: {}, ...asked });

/** undefined where the gateway refuses the request itself, or sends it by Converse. */
function fitted(model: string, request: NativeRequest): NativeFitted | undefined {
  const capabilities = capabilitiesOf(model);
  if (needsConverse(request, capabilities)) return undefined;
  try {
    return fitMessages(request, capabilities, model);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    expect(error.status).toBe(400);
    return undefined;
  }
}

describe('any body, for every Claude', () => {
  test.each(claudes)('%s takes what is sent to it', (model) => {
    let taken = 0;
    fc.assert(
      fc.property(askedMessages, (asked) => {
        const request = requestOf(asked);
        const before = structuredClone(request);
        const sent = fitted(model, request);
        expect(request, 'the client’s body is not touched').toEqual(before);
        if (!sent) return;
        taken += 1;
        expect(messagesRefusal(model, sent.native)).toBeUndefined();
        const again = fitMessages(sent.native, capabilitiesOf(model), model);
        expect(again.native, 'what fits is not changed again').toEqual(sent.native);
      }),
      { numRuns: 60 },
    );
    expect(taken, 'many requests are taken').toBeGreaterThan(10);
  });
});

test.each(claudes)('%s: what is not loaded for a plain body would change nothing', (model) => {
  const capabilities = capabilitiesOf(model);
  const outcome = (fits: typeof fitMessages, request: NativeRequest) => {
    try {
      return fits(request, capabilities, model);
    } catch (error) {
      return String(error);
    }
  };
  let plain = 0;
  fc.assert(
    fc.property(askedMessages, (asked) => {
      for (const body of [asked.body, onlyText(asked.body)]) {
        if (!isPlain(body)) continue;
        plain += 1;
        const request = requestOf({ ...asked, body });
        expect(outcome(fitPlain, request)).toEqual(outcome(fitMessages, request));
      }
    }),
    { numRuns: 40 },
  );
  expect(plain, 'a body of nothing but text is plain').toBeGreaterThan(30);
});

/** The same conversation without what is not said in words. */
function onlyText({ messages, ...body }: JsonObject): JsonObject {
  for (const name of ['tools', 'tool_choice', 'context_management', 'compaction']) delete body[name];
  const turns = (messages as { role: string; content: string | { type: string }[] }[])
    .filter(({ role }) => role !== 'system')
    .map(({ role, content }) => ({
      role,
      content: typeof content === 'string' ? content : content.filter(({ type }) => type === 'text'),
    }));
  return { ...body, messages: turns };
}

test('a long history is shared with the client’s body, not copied', () => {
  const filler = 'x'.repeat(1000);
  const messages = Array.from({ length: 2000 }, (_, i) => ({
    role: i % 2 === 0 ? 'user' : 'assistant',
    content: [{ type: 'text', text: `${i} ${filler}` }],
  }));
  messages.push({ role: 'user', content: [{ type: 'text', text: 'end' }] });
  const body: JsonObject = { max_tokens: 100, messages, cache_control: { type: 'ephemeral' } };
  const model = 'anthropic.claude-sonnet-5-5';
  const { native } = fitMessages(requestOf({ body, betas: [] }), capabilitiesOf(model), model);
  const sent = native.body.messages as typeof messages;
  expect(sent).toHaveLength(messages.length);
  // The last one has the mark.
  expect(sent.slice(0, -1).every((turn, i) => turn === messages[i])).toBe(true);
});
