import { describe, expect, test } from 'vitest';
import { findFormat } from '../../../../lambda/backends/invoke/formats.ts';
import type { ConverseRequest, JsonObject } from '../../../../lambda/canonical/types.ts';
import { GatewayError } from '../../../../lambda/errors.ts';
import { goldenCases } from '../../../support/golden.ts';

interface Case {
  note: string;
  format: string;
  request: ConverseRequest;
  body?: JsonObject;
  error?: { status: number; param: string; says: string };
}

function bodyOf({ format, request }: Case): JsonObject {
  const named = findFormat(format);
  if (!named) throw new Error(`no such format: ${format}`);
  return named.format.toBody(request, named.template);
}

describe('the body of a request', () => {
  for (const { name, case: golden } of goldenCases<Case>('invoke/bodies')) {
    test(name, () => {
      const before = structuredClone(golden.request);
      if (!golden.error) expect(bodyOf(golden)).toEqual(golden.body);
      else {
        const { status, param, says } = golden.error;
        expect(() => bodyOf(golden)).toThrow(GatewayError);
        expect(() => bodyOf(golden)).toThrow(
          expect.objectContaining({ status, param, message: expect.stringContaining(says) }),
        );
      }
      expect(golden.request).toEqual(before);
    });
  }
});

describe('names of formats', () => {
  test.each(['openai-chat', 'llama', 'llama/llama2', 'bedrock-completion/chatml'])('%s', (name) => {
    expect(findFormat(name)).toBeDefined();
  });
  test.each(['', 'gguf', 'llama/', 'llama/llama9', 'llama/llama2/x', 'openai-chat/llama2', 'constructor'])(
    'not %j',
    (name) => {
      expect(findFormat(name)).toBeUndefined();
    },
  );
});
