import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createPiiDetector } from '../../../lambda/bedrock/comprehend.ts';
import { detectPii } from '../../../local/simulator/comprehend.ts';
import { type Simulator, startSimulator } from '../../../local/simulator/index.ts';
import { pointSdkAt } from '../../support/stack.ts';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
  pointSdkAt(simulator.url);
});
afterAll(() => simulator.close());

const { signal } = new AbortController();
const detector = (language: 'en' | 'es' = 'en') => createPiiDetector({ region: 'us-east-1', language });

describe('Comprehend in the simulator', () => {
  test('finds people and streets, at places counted in characters', async () => {
    const text = '😀 María López, Calle Mayor 12; a@b.example';
    const found = await detector('es')(text, signal);
    const characters = Array.from(text);
    expect(
      found.map(({ Type, BeginOffset, EndOffset }) => [
        Type,
        characters.slice(BeginOffset, EndOffset).join(''),
      ]),
    ).toEqual([
      ['NAME', 'María López'],
      ['ADDRESS', 'Calle Mayor 12'],
      ['EMAIL', 'a@b.example'],
    ]);
  });

  test.each<[unknown, string, RegExp]>([
    [{ Text: 'a' }, 'ValidationException', /^1 validation error detected: Value null at 'languageCode'/],
    [{ LanguageCode: 'en' }, 'ValidationException', /Value null at 'text'/],
    [{}, 'ValidationException', /^2 validation errors detected/],
    [{ Text: '', LanguageCode: 'en' }, 'ValidationException', /length greater than or equal to 1/],
    [{ Text: 'a', LanguageCode: 'xx' }, 'ValidationException', /enum value set: \[en, es/],
    [{ Text: 'a', LanguageCode: 'de' }, 'UnsupportedLanguageException', /de/],
    [
      { Text: 'é'.repeat(50_001), LanguageCode: 'en' },
      'TextSizeLimitExceededException',
      /text size is 100002 bytes/,
    ],
    [{ Text: 1, LanguageCode: 'en' }, 'SerializationException', /text/],
    [{ Text: 'a', LanguageCode: 'en', More: 1 }, 'SerializationException', /member/],
  ])('refuses %j', (body, exception, message) => {
    expect(() => detectPii(body)).toThrow(
      expect.objectContaining({ name: exception, message: expect.stringMatching(message) }),
    );
  });

  test('what it refuses comes to the gateway by its name; what passes is tried again', async () => {
    await expect(detector()('a'.repeat(100_001), signal)).rejects.toMatchObject({
      name: 'TextSizeLimitExceededException',
    });
    simulator.calls.length = 0;
    simulator.failing.set('DetectPiiEntities', 'ThrottlingException');
    await expect(detector()('a', signal)).rejects.toMatchObject({ name: 'ThrottlingException' });
    expect(simulator.calls).toHaveLength(3);
    simulator.failing.set('DetectPiiEntities', 'AccessDeniedException');
    simulator.calls.length = 0;
    await expect(detector()('a', signal)).rejects.toMatchObject({ name: 'AccessDeniedException' });
    expect(simulator.calls).toHaveLength(1);
    simulator.failing.clear();
  });

  test('takes nothing that is signed for Bedrock, and no other operation', async () => {
    const headers = {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'Comprehend_20171127.DetectEntities',
    };
    const response = await fetch(`${simulator.url}/`, { method: 'POST', headers, body: '{}' });
    expect(response.status).toBe(403);
  });
});
