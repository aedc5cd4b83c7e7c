import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Intent } from '../../../lambda/canonical/request.ts';
import type { ConverseRequest, JsonObject, ToolConfig } from '../../../lambda/canonical/types.ts';
import { capabilitiesOf } from '../../../lambda/models/families/capabilities-of.ts';
import { fit as fitTo } from '../../support/fit.ts';
import { rootSchemas } from '../../support/schemas.ts';
import { refusal } from '../../support/simulated-models.ts';

/** Of each kind: grammar and strict, tools alone, open weights with a grammar, one without choices. */
const models = [
  'anthropic.claude-sonnet-4-5-20250929-v1:0',
  'anthropic.claude-opus-4-8',
  'anthropic.claude-3-haiku-20240307-v1:0',
  'meta.llama3-3-70b-instruct-v1:0',
  'mistral.mistral-large-2407-v1:0',
  'qwen.qwen3-32b-v1:0',
  'amazon.nova-lite-v1:0',
  'deepseek.r1-v1:0',
];
const messages: ConverseRequest['messages'] = [{ role: 'user', content: [{ text: 'Hi' }] }];

function fitted(model: string, converse: Omit<ConverseRequest, 'messages'>, intent: Intent = {}) {
  const request = frozen({ model, converse: { messages, ...converse }, intent });
  const { request: sent, streamable } = fitTo(request, capabilitiesOf(model));
  return { sent, refused: refusal(model, sent, streamable) };
}

/** Whoever changes the client's request, or anything in it, throws a TypeError. */
function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(frozen);
  return value;
}

describe.each(models)('any schema, for %s', (model) => {
  const always = (schema: (schemas: JsonObject[]) => void, numRuns = 200) =>
    fc.assert(fc.property(fc.array(rootSchemas, { minLength: 1, maxLength: 3 }), schema), { numRuns });
  const toolsOf = (schemas: JsonObject[], more: object = {}): ToolConfig => ({
    tools: schemas.map((json, i) => ({ toolSpec: { name: `tool_${i}`, inputSchema: { json }, ...more } })),
  });

  test('as the parameters of tools', () => {
    always((schemas) => {
      const { sent, refused } = fitted(model, { toolConfig: toolsOf(schemas) });
      expect(refused).toBeUndefined();
      expect(sent.toolConfig?.tools.length).toBe(capabilitiesOf(model).tools ? schemas.length : undefined);
    });
  });

  test('as the parameters of strict tools', () => {
    always((schemas) => {
      expect(fitted(model, { toolConfig: toolsOf(schemas, { strict: true }) }).refused).toBeUndefined();
    });
  });

  test('as the format of the answer, alone and beside tools', () => {
    always(([schema, ...others]) => {
      const outputFormat = { type: 'json_schema', name: 'answer', schema: schema! } as const;
      expect(fitted(model, {}, { outputFormat }).refused).toBeUndefined();
      const toolConfig = toolsOf([...others, schema!]);
      expect(fitted(model, { toolConfig }, { outputFormat }).refused).toBeUndefined();
    });
  });

  test('fitted again, nothing changes', () => {
    always((schemas) => {
      const { sent } = fitted(model, { toolConfig: toolsOf(schemas) });
      expect(fitted(model, { toolConfig: sent.toolConfig }).sent.toolConfig).toEqual(sent.toolConfig);
    }, 50);
  });
});
