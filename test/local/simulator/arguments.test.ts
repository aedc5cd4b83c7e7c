import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { argumentsFrom } from '../../../local/simulator/answer/arguments.ts';
import { valueFor } from '../../../local/simulator/answer/schema/value.ts';
import type { Schema } from '../../../local/simulator/converse/request.ts';

const text = { type: 'string' };

/** The arguments that are made up for a tool after these words of the user's. */
function argumentsAfter(said: string, name: string, properties: Record<string, object>, more: object = {}) {
  const tool = { name, description: (more as { description?: string }).description };
  const schema = { type: 'object', properties, required: Object.keys(properties), ...more } as Schema;
  return valueFor(schema, argumentsFrom(said, tool)) as Record<string, unknown>;
}

describe('arguments of a call', () => {
  test.each([
    ['bash', { command: text }, { command: 'true' }],
    ['shell', { command: { type: 'array', items: text } }, { command: ['true'] }],
    ['run_in_terminal', { explanation: text, input: text }, { explanation: 'true', input: 'true' }],
    ['send_keys', { keys: text }, { keys: 'true' }],
    ['execute_sql', { query: text }, { query: 'SELECT 1' }],
    ['query', { sql: text }, { sql: 'SELECT 1' }],
    ['python', { source: text }, { source: '1' }],
    ['delete_file', { path: text }, { path: 'example.txt' }],
    ['fetch', { url: text }, { url: 'https://example.com/' }],
    ['helper', { input: { ...text, description: 'The shell command to run' } }, { input: 'true' }],
    ['files', { action: { enum: ['delete', 'list'] } }, { action: 'list' }],
    ['move', { force: { type: 'boolean' }, dry_run: { type: 'boolean' } }, { force: false, dry_run: true }],
    ['get_weather', { city: text }, { city: 'Paris' }],
  ])('of %s are harmless', (name, properties, expected) => {
    expect(argumentsAfter('delete and Reboot Paris now'.replace('Reboot ', ''), name, properties)).toEqual(
      expected,
    );
  });

  test('a tool whose description says that it runs commands', () => {
    const description = 'Executes a given bash command in a session. Quote paths.';
    expect(argumentsAfter('Look at Paris', 'do', { text }, { description })).toEqual({ text: 'true' });
  });

  test('whatever is said: nothing of it but single words', () => {
    const name = fc.constantFrom('bash', 'write', 'search', 'Task', 'eval', 'note');
    const member = fc.constantFrom('command', 'input', 'text', 'query', 'content', 'a', 'script');
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), name, member, (said, tool, argument) => {
        const value = String(argumentsAfter(said, tool, { [argument]: text })[argument]);
        expect(value).toMatch(/^([\p{L}\p{N}]+|SELECT 1|example\.txt)$/u);
        if (['bash', 'eval'].includes(tool) || argument === 'command' || argument === 'script') {
          expect(['true', '1']).toContain(value);
        }
      }),
      { numRuns: 300 },
    );
  });

  test.each([
    ['what is required, and no more', 'The weather in Paris?', ['city'], { city: 'Paris' }],
    [
      'what the words name',
      'The weather in Paris, with units please',
      ['city'],
      { city: 'Paris', units: 'metric' },
    ],
    [
      'what they name by its value',
      'The weather in Paris, imperial',
      ['city'],
      { city: 'Paris', units: 'imperial' },
    ],
    ['nothing is required', 'The weather in Paris?', [], {}],
    ['nothing is said of what is required', 'The weather in Paris?', undefined, { city: 'Paris' }],
    ['nor is anything named', 'what weather?', undefined, {}],
  ])('%s', (_, said, required, expected) => {
    const properties = {
      city: text,
      units: { enum: ['metric', 'imperial'] },
      proxy: { ...text, description: 'URL of a proxy' },
      options: { type: 'object', properties: { retries: { type: 'integer' } } },
    };
    expect(argumentsAfter(said, 'get_weather', properties, { required })).toEqual(expected);
  });
});
