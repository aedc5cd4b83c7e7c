import { describe, expect, it } from 'vitest';
import type { Intent } from '../../../lambda/canonical/request.ts';
import type { ConverseRequest } from '../../../lambda/canonical/types.ts';
import { GatewayError } from '../../../lambda/errors.ts';
import type { Capabilities } from '../../../lambda/models/capabilities.ts';
import { able } from '../../support/capabilities.ts';
import { fitUnnamed } from '../../support/fit.ts';
import { goldenCases } from '../../support/golden.ts';
import { openAiBody } from '../../support/openai-body.ts';

interface Case {
  note: string;
  /** Where the model differs from one that takes everything. */
  capabilities?: Partial<Capabilities>;
  intent?: Intent;
  converse: ConverseRequest;
  expected:
    | { converse: ConverseRequest; warnings?: string[]; ignored?: string[]; streamable?: boolean }
    | { error: object };
}

function outcome({ converse, intent = {}, capabilities = {} }: Case): object {
  try {
    const { request, warnings, ignored, streamable } = fitUnnamed({ converse, intent }, able(capabilities));
    return { converse: request, warnings: warnings.map(String), ignored: ignored.map(String), streamable };
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return { error: { status: error.status, ...openAiBody(error).error } };
  }
}

describe.each(['turns', 'tools', 'media', 'structured-output'])('fit: %s', (concern) => {
  it.each(goldenCases<Case>(`fit/${concern}`))('$name', ({ case: golden }) => {
    const given = JSON.stringify(golden.converse);
    const expected =
      'error' in golden.expected
        ? golden.expected
        : { warnings: [], ignored: [], streamable: true, ...golden.expected };
    expect(outcome(golden)).toEqual(expected);
    expect(JSON.stringify(golden.converse), 'the request itself is not touched').toBe(given);
  });
});
