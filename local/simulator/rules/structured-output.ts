import { type ConverseRequest, placedBlocks, type Schema } from '../converse/request.ts';
import { compileError, sizeError } from './grammar.ts';
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
    name: 'the grammar of a schema',
    binds: (family) => anthropic(family) && family.structuredOutput,
    from: 'provider',
    breach(request) {
      const error = compileError(parsed(request) ?? {});
      return error && `${where}: ${error}`;
    },
  },
  {
    name: 'the size of a grammar',
    binds: (family) => anthropic(family) && family.structuredOutput,
    from: 'provider',
    breach(request) {
      const error = sizeError([parsed(request) ?? {}]);
      return error && `${where}: ${error}`;
    },
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
