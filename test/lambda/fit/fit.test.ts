import { describe, expect, test } from 'vitest';
import type { Intent } from '../../../lambda/canonical/request.ts';
import type { ConverseRequest, JsonObject } from '../../../lambda/canonical/types.ts';
import { GatewayError } from '../../../lambda/errors.ts';
import { capabilitiesOf } from '../../../lambda/models/families/capabilities-of.ts';
import { fit as fitTo } from '../../support/fit.ts';
import { goldenCases } from '../../support/golden.ts';
import { openAiBody } from '../../support/openai-body.ts';

/** A request on its way to a real family of the table. Left out: `messages` of one user turn, empty notes. */
interface FitCase {
  note: string;
  model: string;
  intent?: Intent;
  converse: Partial<ConverseRequest>;
  request?: JsonObject;
  warnings?: string[];
  ignored?: string[];
  error?: JsonObject;
}

const areas = [
  'sampling',
  'reasoning',
  'limits',
  'caching',
  'guardrails',
  'search-results',
  'unsupported',
  'request-fields',
];
const oneTurn: ConverseRequest['messages'] = [{ role: 'user', content: [{ text: 'Hi' }] }];

describe.each(areas)('fit/%s', (area) => {
  test.each(goldenCases<FitCase>(`fit/${area}`))('$name', ({ case: given }) => {
    const converse = { messages: oneTurn, ...given.converse };
    const input = { model: given.model, converse, intent: given.intent ?? {} };
    const before = structuredClone(input);
    expect(outcome(() => fitTo(input, capabilitiesOf(given.model)))).toEqual(
      given.error
        ? { error: given.error }
        : {
            request: { messages: converse.messages, ...given.request },
            warnings: given.warnings ?? [],
            ignored: given.ignored ?? [],
          },
    );
    expect(input).toEqual(before);
  });
});

function outcome(run: () => ReturnType<typeof fitTo>) {
  try {
    const { request, warnings, ignored } = run();
    return { request, warnings: warnings.map(String), ignored: ignored.map(String) };
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return openAiBody(error);
  }
}
