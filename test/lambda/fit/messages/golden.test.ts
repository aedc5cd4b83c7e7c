import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { NativeRequest, NativeSettings } from '../../../../lambda/canonical/native.ts';
import type { JsonObject } from '../../../../lambda/canonical/types.ts';
import { GatewayError } from '../../../../lambda/errors.ts';
import { fitMessages, needsConverse } from '../../../../lambda/fit/messages/index.ts';
import { capabilitiesOf } from '../../../../lambda/models/families/capabilities-of.ts';
import { messagesRefusal } from '../../../support/claude-judge.ts';
import { goldenCases } from '../../../support/golden.ts';

interface Case {
  note: string;
  model: string;
  /** The client's, less `max_tokens` and `messages` where they are not what the case is about. */
  body: JsonObject;
  betas?: string[];
  settings?: NativeSettings;
  cacheMode?: 'auto';
  /** `body` without `anthropic_version`, or that the request goes by Converse. */
  expected: {
    body?: JsonObject;
    settings?: NativeSettings;
    warnings?: string[];
    ignored?: string[];
    error?: string;
    converse?: true;
  };
}

const usual = { max_tokens: 1000, messages: [{ role: 'user', content: 'Hi' }] };

function outcome({ model, body, betas = [], settings = {}, cacheMode }: Case): Case['expected'] {
  const request: NativeRequest = { api: 'messages', body: { ...usual, ...body }, betas, settings, cacheMode };
  const capabilities = capabilitiesOf(model);
  if (needsConverse(request, capabilities)) return { converse: true };
  try {
    const { native, warnings, ignored } = fitMessages(request, capabilities, model);
    expect(messagesRefusal(model, native), 'the simulator takes it').toBeUndefined();
    const { anthropic_version, max_tokens, messages, ...sent } = native.body;
    expect(anthropic_version).toBe('bedrock-2023-05-31');
    return {
      body: {
        ...(max_tokens !== usual.max_tokens && { max_tokens }),
        ...(JSON.stringify(messages) !== JSON.stringify(usual.messages) && { messages }),
        ...sent,
      } as JsonObject,
      ...(Object.keys(native.settings).length > 0 && { settings: native.settings }),
      ...(warnings.length > 0 && { warnings: warnings.map(String) }),
      ...(ignored.length > 0 && { ignored: ignored.map(String) }),
    };
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return { error: error.message };
  }
}

const folder = fileURLToPath(new URL('../../../golden/messages/fit/', import.meta.url));

describe.each(readdirSync(folder))('a client’s own body: %s', (concern) => {
  it.each(goldenCases<Case>(`messages/fit/${concern}`))('$name', ({ case: golden }) => {
    expect(outcome(golden)).toEqual(golden.expected);
  });
});
