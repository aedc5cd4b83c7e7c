import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { translateRequest } from '../../../lambda/apis/chat-completions/request.ts';
import { deriveStateKey } from '../../../lambda/canonical/tool-call-state.ts';
import type { ConverseRequest } from '../../../lambda/canonical/types.ts';
import { ApiError } from '../../../lambda/errors.ts';
import type { Fitted } from '../../../lambda/fit/types.ts';
import { capabilitiesOf, familyOf } from '../../../lambda/models/families/capabilities-of.ts';
import { families } from '../../../lambda/models/families/families.ts';
import { familyOf as simulatedFamilyOf } from '../../../local/simulator/models/families.ts';
import { foundationModels } from '../../../local/simulator/models/foundation-models.ts';
import { chatRequests } from '../../support/chat-requests.ts';
import { fit as fitTo } from '../../support/fit.ts';
import { refusal } from '../../support/simulated-rules.ts';

/** Every text model of the simulator's catalogue that the table knows: what it claims, the simulator enforces. */
const models = foundationModels
  .filter(({ output = 'T', lifecycle, id }) => {
    const known = familyOf(id).capabilities.family !== 'unknown';
    return known && output === 'T' && lifecycle !== 'ended' && simulatedFamilyOf(id).converse;
  })
  .map(({ id }) => id);

const stateKey = deriveStateKey('properties');

/** undefined when the gateway refuses the request itself, with a 400 that says why. */
function sent(model: string, openai: Record<string, unknown>): Fitted | undefined {
  try {
    const { canonical } = translateRequest(
      { model, ...openai },
      { stateKey, strict: false, fetched: new Map() },
    );
    return fitTo(canonical, capabilitiesOf(model));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    expect(error.status).toBe(400);
    return undefined;
  }
}

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
    const { image, document, tools, maxOutputTokens } = capabilitiesOf(model);
    // Where the table knows no limit, the first refusal teaches it: not what this is about.
    const maxTokens = maxOutputTokens === undefined ? 2000 : 200_000;
    let taken = 0;
    fc.assert(
      fc.property(chatRequests({ files: image && document, tools, maxTokens }), (openai) => {
        const fitted = sent(model, openai);
        if (!fitted) return;
        taken += 1;
        expect(refusal(model, fitted.request, fitted.streamable)).toBeUndefined();
        checkInvariants(fitted.request);
      }),
      { numRuns: 60 },
    );
    expect(taken, 'most requests are taken').toBeGreaterThan(30);
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
