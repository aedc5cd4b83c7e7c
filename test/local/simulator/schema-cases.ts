import { ask, closed, format, tool, tools } from './blocks.ts';
import type { RuleCase } from './rule-cases.ts';

const haiku = 'us.anthropic.claude-haiku-4-5-20251001-v1:0';
const hello = ask();
/** `p0`, `p1`, … */
const many = (count: number, schema: object) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`p${i}`, schema]));
const given = (json: object) => ({
  messages: hello,
  toolConfig: tools(tool('x', { inputSchema: { json } })),
});
const strictTool = (json: object, name = 'x') => tool(name, { strict: true, inputSchema: { json } });

/** The schemas of tools and of answers. */
export const schemaCases: RuleCase[] = [
  {
    rule: 'a schema says its type',
    model: haiku,
    bad: given({}),
    says: 'The value at toolConfig.tools.0.toolSpec.inputSchema.json.type must be one of the following: object.',
    good: given({ type: 'object' }),
  },
  {
    rule: 'no composition at a schema’s root',
    model: haiku,
    bad: given({ type: 'object', anyOf: [{ required: ['a'] }] }),
    says: 'tools.0.custom.input_schema: input_schema does not support oneOf, allOf, or anyOf at the top level',
    good: given({ type: 'object', properties: { a: { anyOf: [{ type: 'string' }, { type: 'null' }] } } }),
  },
  {
    rule: 'property keys at a schema’s root',
    model: haiku,
    bad: given({ type: 'object', properties: { 'a b': {} } }),
    says: `tools.0.custom.input_schema.properties: Property keys should match pattern '^[a-zA-Z0-9_.-]{1,64}$'`,
    good: given({ type: 'object', properties: { a: { type: 'object', properties: { 'a b': {} } } } }),
  },
  {
    rule: 'a schema is one of draft 2020-12',
    model: haiku,
    bad: given({ type: 'object', properties: { a: { type: 'array', items: [{ type: 'string' }] } } }),
    says: 'tools.0.custom.input_schema: JSON schema is invalid. It must match JSON Schema draft 2020-12',
    good: given({ type: 'object', properties: { a: { type: 'array', prefixItems: [{ type: 'string' }] } } }),
  },
  {
    rule: 'schemas that GPT takes',
    model: 'us.openai.gpt-6-sol',
    bad: given({ type: 'object', properties: { a: { type: ['array', 'null'] } } }),
    says: `Invalid schema for function 'x': In context=('properties', 'a'), array schema missing items.`,
    good: given({ type: 'object', properties: { a: { type: ['array', 'null'], items: {} } } }),
  },
  {
    rule: 'additionalProperties of another type',
    model: 'us.meta.llama3-3-70b-instruct-v1:0',
    bad: given({ type: 'object', additionalProperties: 'no' }),
    says: 'additionalProperties',
    good: given({ type: 'object', additionalProperties: { type: 'string' } }),
  },
  {
    rule: 'members of a schema’s root',
    model: 'amazon.nova-lite-v1:0',
    bad: given({ type: 'object', properties: {}, definitions: {} }),
    says: '#/toolConfig/tools/0/toolSpec/inputSchema/json: extraneous key [definitions] is not permitted',
    good: given({ type: 'object', properties: { a: { $ref: '#' } }, required: ['a'] }),
  },
  {
    rule: 'too many strict tools',
    model: haiku,
    bad: {
      messages: hello,
      toolConfig: tools(...Array.from({ length: 21 }, (_, i) => strictTool(closed({}), `x${i}`))),
    },
    says: 'Too many strict tools (21)',
    good: {
      messages: hello,
      toolConfig: tools(...Array.from({ length: 20 }, (_, i) => strictTool(closed({}), `x${i}`))),
    },
  },
  {
    rule: 'schemas of strict tools',
    model: haiku,
    bad: {
      messages: hello,
      toolConfig: tools(tool('y'), strictTool(closed({ a: { oneOf: [{ type: 'string' }] } }))),
    },
    says: `tools.1.custom: Schema type 'oneOf' is not supported`,
    good: { messages: hello, toolConfig: tools(tool('y'), strictTool(closed({ a: { type: 'string' } }))) },
  },
  {
    rule: 'strict tools together',
    model: haiku,
    bad: {
      messages: hello,
      toolConfig: tools(
        strictTool(closed(many(13, { type: 'string' })), 'x'),
        strictTool(closed(many(12, { type: 'string' })), 'y'),
      ),
    },
    says: 'Schemas contains too many optional parameters (25)',
    good: {
      messages: hello,
      toolConfig: tools(
        strictTool(closed(many(12, { type: 'string' })), 'x'),
        strictTool(closed(many(12, { type: 'string' })), 'y'),
      ),
    },
  },
  {
    rule: 'the grammar of a schema',
    model: haiku,
    bad: { messages: hello, ...format({ type: 'object', properties: {} }) },
    says: `output_config.format.schema: For 'object' type, 'additionalProperties' must be explicitly set to false`,
    good: { messages: hello, ...format({ type: 'object', properties: {} }) },
    goodModel: 'qwen.qwen3-32b-v1:0',
  },
  {
    rule: 'the size of a grammar',
    model: haiku,
    bad: { messages: hello, ...format(closed(many(17, { type: ['string', 'null'] }))) },
    says: 'output_config.format.schema: Schemas contains too many parameters with union types (17',
    good: {
      messages: hello,
      ...format({ ...closed(many(16, { type: ['string', 'null'] })), required: Object.keys(many(16, {})) }),
    },
  },
];
