import { type ConverseRequest, placedBlocks, type Schema } from '../converse/request.ts';
import { anthropic, noField, type Rule } from './rule.ts';

/** The schema as text; undefined when no format is asked for. */
export const askedSchema = ({ outputConfig }: ConverseRequest): string | undefined =>
  outputConfig?.textFormat?.structure.jsonSchema?.schema;

function parsed(request: ConverseRequest): Schema | undefined {
  try {
    return JSON.parse(askedSchema(request) ?? 'null') ?? undefined;
  } catch {
    return undefined;
  }
}

/** Keywords that Claude's grammar refuses, by the type of the schema they stand in. */
const ranges = ['minimum', 'maximum', 'multipleOf', 'exclusiveMinimum', 'exclusiveMaximum'];
const refused: ReadonlyMap<unknown, readonly string[]> = new Map([
  ['integer', ranges],
  ['number', ranges],
  ['array', ['maxItems']],
]);

function findIn(schema: Schema, breach: (each: Schema) => string | undefined): string | undefined {
  const own = breach(schema);
  if (own) return own;
  const parts = [
    ...Object.values(schema.properties ?? {}),
    ...Object.values(schema.$defs ?? {}),
    ...(schema.items ? [schema.items] : []),
    ...[schema.anyOf ?? [], schema.allOf ?? []].flat(),
  ];
  for (const part of parts) {
    const found = typeof part === 'object' && part !== null && findIn(part, breach);
    if (found) return found;
  }
  return undefined;
}

const where = 'output_config.format.schema';

/** outputConfig.textFormat. */
export const structuredOutputRules: Rule[] = [
  {
    name: 'no structured output on Claude',
    binds: (family) => anthropic(family) && !family.structuredOutput,
    from: 'provider',
    breach: (request) =>
      askedSchema(request) === undefined ? undefined : 'output_config.format: Extra inputs are not permitted',
  },
  {
    name: 'no structured output',
    binds: (family) => !anthropic(family) && !family.structuredOutput,
    breach: (request) =>
      askedSchema(request) === undefined ? undefined : noField('outputConfig.textFormat'),
  },
  {
    name: 'no effort in outputConfig',
    binds: (family) => !anthropic(family),
    breach: ({ outputConfig }) =>
      outputConfig?.effort === undefined ? undefined : noField('outputConfig.effort'),
  },
  {
    name: 'the schema is JSON',
    binds: (family) => family.structuredOutput,
    breach: (request) =>
      askedSchema(request) !== undefined && parsed(request) === undefined
        ? 'The schema in outputConfig.textFormat.structure.jsonSchema is not valid JSON. Check the schema and try again.'
        : undefined,
  },
  {
    name: 'objects are closed',
    binds: (family) => anthropic(family) && family.structuredOutput,
    from: 'provider',
    breach: (request) =>
      findIn(parsed(request) ?? {}, ({ type, additionalProperties }) =>
        type === 'object' && additionalProperties !== false
          ? `${where}: For 'object' type, 'additionalProperties' must be explicitly set to false`
          : undefined,
      ),
  },
  {
    name: 'no ranges',
    binds: (family) => anthropic(family) && family.structuredOutput,
    from: 'provider',
    breach: (request) =>
      findIn(parsed(request) ?? {}, (schema) => {
        const keyword = refused.get(schema.type)?.find((each) => schema[each] !== undefined);
        if (keyword)
          return `${where}: For '${String(schema.type)}' type, property '${keyword}' is not supported`;
        return Number(schema.minItems ?? 0) > 1
          ? `${where}: For 'array' type, 'minItems' values other than 0 or 1 are not supported`
          : undefined;
      }),
  },
  {
    name: 'no citations beside a format',
    binds: anthropic,
    from: 'provider',
    breach: (request) =>
      askedSchema(request) !== undefined &&
      placedBlocks(request).some(({ block }) => block.document?.citations?.enabled)
        ? 'Citations cannot be used together with output_config.format.'
        : undefined,
  },
];
