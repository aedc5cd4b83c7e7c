import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { translateRequest } from '../../../lambda/apis/chat-completions/request.ts';
import { deriveStateKey } from '../../../lambda/auth/state-key.ts';
import type { ConverseRequest } from '../../../lambda/canonical/types.ts';
import { repairFor } from '../../../lambda/engine/repairs/repair.ts';
import { GatewayError } from '../../../lambda/errors.ts';
import type { Fitted } from '../../../lambda/fit/types.ts';
import type { Capabilities } from '../../../lambda/models/capabilities.ts';
import { capabilitiesOf, familyOf } from '../../../lambda/models/families/capabilities-of.ts';
import { families } from '../../../lambda/models/families/families.ts';
import { chatRequests } from '../../support/chat-requests.ts';
import { fit as fitTo } from '../../support/fit.ts';
import { textModels as models, refusal, undecided } from '../../support/simulated-models.ts';

const stateKey = deriveStateKey('properties');

/** undefined when the gateway refuses the request itself, with a 400 that says why. */
function sent(
  model: string,
  openai: Record<string, unknown>,
  learned: Partial<Capabilities> = {},
): Fitted | undefined {
  try {
    const { canonical } = translateRequest(
      { model, ...openai },
      { stateKey, strict: false, fetched: new Map() },
    );
    return fitTo(canonical, capabilitiesOf(model, learned));
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    expect(error.status).toBe(400);
    return undefined;
  }
}

/** What the gateway learns from a refusal; none is expected of a family that is known. */
function lesson(model: string, message: string): Partial<Capabilities> {
  const capabilities = capabilitiesOf(model);
  const upstream = { name: 'ValidationException', message, status: 400 };
  const error = new GatewayError({
    status: 400,
    reason: 'bad_request',
    message,
    upstream,
  });
  const learned = repairFor(error, capabilities)?.correction;
  expect(learned, message).toEqual(undecided[capabilities.family] ?? 'nothing to learn');
  return learned ?? {};
}

/** The others of a family are the same to the gateway; the simulator has each of them by itself. */
const familyNames = models.map((id) => familyOf(id).capabilities.family);
const isFirstOfItsFamily = (model: string): boolean => {
  const at = models.indexOf(model);
  return familyNames.indexOf(familyNames[at]!) === at;
};

describe('any conversation, for every model', () => {
  test('every family of the table has a model here', () => {
    const tried = new Set(models.map((id) => familyOf(id).capabilities.family));
    const untried = families
      .map(({ capabilities }) => capabilities.family)
      .filter((name) => !tried.has(name));
    // Gone from Bedrock, and not yet there.
    expect(untried).toEqual(['claude-opus-4', 'claude-newer']);
  });

  test.each(models)('%s takes what is sent to it', (model) => {
    const { runs, atLeast } = isFirstOfItsFamily(model)
      ? { runs: 60, atLeast: 30 }
      : { runs: 15, atLeast: 5 };
    const { image, document, tools, maxOutputTokens } = capabilitiesOf(model);
    // Where the table knows no limit, the first refusal teaches it: not what this is about.
    const maxTokens = maxOutputTokens === undefined ? 2000 : 200_000;
    let taken = 0;
    fc.assert(
      fc.property(chatRequests({ files: image && document, tools, maxTokens }), (openai) => {
        const first = sent(model, openai);
        if (!first) return;
        taken += 1;
        const refused = refusal(model, first.request, first.streamable);
        const learned = refused === undefined ? {} : lesson(model, refused);
        const fitted = refused === undefined ? first : sent(model, openai, learned)!;
        expect(refusal(model, fitted.request, fitted.streamable)).toBeUndefined();
        checkInvariants(fitted.request);
      }),
      { numRuns: runs },
    );
    expect(taken, 'most requests are taken').toBeGreaterThan(atLeast);
  });
});

/** What holds for every model, in our own words: the simulator's rules are not the only judge. */
function checkInvariants({ messages, system = [], toolConfig }: ConverseRequest): void {
  const lists: object[][] = [toolConfig?.tools ?? [], system, ...messages.map(({ content }) => content)];
  const points = lists.flat().filter((block) => 'cachePoint' in block);
  expect(points.length).toBeLessThanOrEqual(4);
  for (const [i, { role, content }] of messages.entries()) {
    expect(content.length).toBeGreaterThan(0);
    expect(role).not.toBe(messages[i - 1]?.role);
    for (const block of content) if ('text' in block) expect(block.text.trim()).not.toBe('');
    const calls = content.flatMap((block) => ('toolUse' in block ? [block.toolUse.toolUseId] : []));
    const answered = (messages[i + 1]?.content ?? []).flatMap((block) =>
      'toolResult' in block ? [block.toolResult.toolUseId] : [],
    );
    expect(answered.toSorted()).toEqual(calls.toSorted());
  }
}
