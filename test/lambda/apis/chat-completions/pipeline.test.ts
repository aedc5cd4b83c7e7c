import { describe, expect, test } from 'vitest';
import { parameters } from '../../../../lambda/apis/chat-completions/parameters.ts';
import { translateRequest } from '../../../../lambda/apis/chat-completions/request.ts';
import { spelledNotes } from '../../../../lambda/apis/shared/spelling.ts';
import { deriveStateKey } from '../../../../lambda/auth/state-key.ts';
import { GatewayError } from '../../../../lambda/errors.ts';
import type { Spell } from '../../../../lambda/fields.ts';
import { capabilitiesOf } from '../../../../lambda/models/families/capabilities-of.ts';
import { fit as fitTo } from '../../../support/fit.ts';
import { goldenCases } from '../../../support/golden.ts';
import { openAiBody } from '../../../support/openai-body.ts';

/**
 * A client's request and what Bedrock gets of it. Left out: `model` and `messages` of one user turn in
 * `openai`, empty notes, and `streamable` where it is true.
 */
interface PipelineCase {
  note: string;
  model: string;
  openai: Record<string, unknown>;
  /** Refuse unknown parameters. */
  strict?: boolean;
  fetched?: Record<string, { mediaType: string; bytes: string }>;
  converse?: object;
  warnings?: string[];
  ignored?: string[];
  streamable?: boolean;
  error?: object;
}

const stateKey = deriveStateKey('golden');

function sent({ model, openai, strict = false, fetched = {} }: PipelineCase): object {
  let spell: Spell = (field) => field;
  try {
    const body = { model, messages: [{ role: 'user', content: 'Hi' }], ...openai };
    const options = { stateKey, strict, fetched: new Map(Object.entries(fetched)) };
    const call = translateRequest(body, options);
    spell = call.spell;
    const fitted = fitTo(call.canonical, capabilitiesOf(model));
    const { warnings, ignored } = spelledNotes(fitted, spell);
    const { request, streamable } = fitted;
    // What a model may have no use for is not in the list of parameters as used.
    expect(ignored.filter((name) => parameters[name]?.effect === 'used')).toEqual([]);
    return { converse: request, warnings, ignored: [...call.ignored, ...ignored], streamable };
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return { error: { status: error.status, ...openAiBody(error.spelled(spell)).error } };
  }
}

describe('a client’s request becomes what the model takes', () => {
  for (const { name, case: golden } of goldenCases<PipelineCase>('chat-completions/pipeline')) {
    test(name, () => {
      const { note: _n, model: _m, openai: _o, fetched: _f, strict: _s, ...expected } = golden;
      const complete = expected.error
        ? expected
        : { warnings: [], ignored: [], streamable: true, ...expected };
      expect(JSON.parse(JSON.stringify(sent(golden)))).toEqual(complete);
    });
  }
});
