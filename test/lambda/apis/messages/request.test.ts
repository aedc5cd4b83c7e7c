import { describe, expect, test } from 'vitest';
import { messages } from '../../../../lambda/apis/messages/api.ts';
import { deriveStateKey } from '../../../../lambda/auth/state-key.ts';
import type { CanonicalRequest } from '../../../../lambda/canonical/request.ts';
import { GatewayError } from '../../../../lambda/errors.ts';
import { goldenCases } from '../../../support/golden.ts';

interface RequestCase {
  note: string;
  messages: Record<string, unknown>;
  headers?: Record<string, string>;
  fetched?: Record<string, { mediaType: string; bytes: string }>;
  /** Members that every other case has. */
  without?: string[];
  /** Of what the request becomes, the parts that the case is about. */
  [part: string]: unknown;
}

const api = messages({ strict: false });
const stateKey = deriveStateKey('golden');

/** Everything that comes of a request, or the error that it ends with. */
function read({
  messages: body,
  headers = {},
  fetched = {},
  without = [],
}: RequestCase): Record<string, unknown> {
  const whole = { model: 'm', max_tokens: 100, messages: [{ role: 'user', content: 'Hi' }], ...body };
  const given = Object.fromEntries(Object.entries(whole).filter(([name]) => !without.includes(name)));
  try {
    const { asked, stream, urls, read } = api.begin(given, new Headers(headers));
    const served = read({ stateKey, fetched: new Map(Object.entries(fetched)), bodyBytes: 1000 });
    const { ignored, model } = served;
    const begun = { asked, stream, urls, ignored, native: model.native ?? null, lane: model.lane };
    return { ...begun, ...translated(() => model.canonical()) };
  } catch (error) {
    return { error: told(error) };
  }
}

/** A conversation may have no canonical form, and go to Claude all the same. */
function translated(canonical: () => CanonicalRequest): object {
  try {
    const { converse, intent, lost, ignored } = canonical();
    return { converse, intent, lost, ignoredByConverse: ignored };
  } catch (error) {
    return { refused: told(error) };
  }
}

function told(error: unknown) {
  if (!(error instanceof GatewayError)) throw error;
  const { status, param, code, message, facts } = error;
  return { status, param, code, message, ...(facts.details && { details: facts.details }) };
}

describe('a Messages request becomes the canonical one and the native one', () => {
  for (const { name, case: golden } of goldenCases<RequestCase>('messages/request')) {
    test(name, () => {
      const { note: _, messages: __, headers: ___, fetched: ____, without: _____, ...expected } = golden;
      const actual = JSON.parse(JSON.stringify(read(golden)));
      for (const [key, value] of Object.entries(expected)) expect(actual[key]).toEqual(value);
      if (!expected.error) expect(actual.error).toBeUndefined();
      if (!expected.refused) expect(actual.refused).toBeUndefined();
    });
  }
});
