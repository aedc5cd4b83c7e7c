import { describe, expect, test } from 'vitest';
import { translateRequest } from '../../../../lambda/apis/chat-completions/request.ts';
import { deriveStateKey } from '../../../../lambda/auth/state-key.ts';
import { GatewayError } from '../../../../lambda/errors.ts';
import { goldenCases } from '../../../support/golden.ts';

interface RequestCase {
  note: string;
  openai: Record<string, unknown>;
  fetched?: Record<string, { mediaType: string; bytes: string }>;
  converse?: unknown;
  intent?: unknown;
  ignored?: string[];
  error?: { status: number; param: string | null; code: string | null; message: string };
}

const stateKey = deriveStateKey('golden');

function translated({ openai, fetched = {} }: RequestCase) {
  try {
    const body = { model: 'm', messages: [{ role: 'user', content: 'Hi' }], ...openai };
    const call = translateRequest(body, {
      stateKey,
      strict: false,
      fetched: new Map(Object.entries(fetched)),
    });
    return { converse: call.canonical.converse, intent: call.canonical.intent, ignored: call.ignored };
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    const { status, param, code, message } = error;
    return { error: { status, param, code, message } };
  }
}

describe('a Chat Completions request becomes the canonical one', () => {
  for (const { name, case: golden } of goldenCases<RequestCase>('chat-completions/request')) {
    test(name, () => {
      const { note: _note, openai: _openai, fetched: _fetched, ...expected } = golden;
      const actual = JSON.parse(JSON.stringify(translated(golden)));
      for (const [key, value] of Object.entries(expected)) expect(actual[key]).toEqual(value);
      if (!expected.error) expect(actual.error).toBeUndefined();
    });
  }
});
