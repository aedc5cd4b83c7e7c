import type { ConverseRequest, Schema } from '../converse/request.ts';
import type { Family } from '../models/family.ts';
import { schemaFault } from '../openai/strict-schema.ts';
import { matchesDraft, notOfDraft } from './draft-2020-12.ts';
import { compileError, sizeError } from './grammar.ts';
import { anthropic, everyone, extraneousKey, type Rule } from './rule.ts';

interface Spec {
  schema: Schema;
  strict: boolean;
  /** Where its errors are said to be: by Anthropic, and by the service. */
  at: string;
  path: string;
}

const specsOf = ({ toolConfig }: ConverseRequest): Spec[] =>
  (toolConfig?.tools ?? []).flatMap(({ toolSpec }, index) =>
    toolSpec
      ? [
          {
            schema: toolSpec.inputSchema.json ?? {},
            strict: toolSpec.strict === true,
            at: `tools.${index}.custom`,
            path: `tools.${index}`,
          },
        ]
      : [],
  );

/** The first tool that breaks something, in words behind its place. */
const first = (request: ConverseRequest, breach: (spec: Spec) => string | undefined) => {
  for (const spec of specsOf(request)) {
    const words = breach(spec);
    if (words) return `${spec.at}${words}`;
  }
  return undefined;
};

const strictClaude = (family: Family) => anthropic(family) && family.structuredOutput;
const strictOf = (request: ConverseRequest) => specsOf(request).filter(({ strict }) => strict);

/** Schemas of tools; those of Claude's are checked by Anthropic. */
export const schemaRules: Rule[] = [
  {
    // aws/aws-sdk-net#3377.
    name: 'a schema is an object',
    binds: everyone,
    breach({ toolConfig }) {
      const odd = (toolConfig?.tools ?? []).findIndex(
        ({ toolSpec }) =>
          toolSpec &&
          (typeof toolSpec.inputSchema.json !== 'object' || Array.isArray(toolSpec.inputSchema.json)),
      );
      return odd < 0
        ? undefined
        : `The format of the value at toolConfig.tools.${odd}.toolSpec.inputSchema.json is invalid. Provide a json object for the field and try again.`;
    },
  },
  {
    // Of every model: earendil-works/pi#8279 on GLM-5, #8804 on Claude Sonnet 5.
    name: 'a schema says its type',
    binds: everyone,
    onInvoke: true,
    breach(request, { invoke }) {
      const odd = specsOf(request).find(({ schema: { type } }) => type !== 'object');
      if (!odd) return undefined;
      if (!invoke)
        return `The value at toolConfig.${odd.path}.toolSpec.inputSchema.json.type must be one of the following: object.`;
      return odd.schema.type === undefined
        ? `${odd.at}.input_schema.type: Field required`
        : `${odd.at}.input_schema.type: Input should be 'object'`;
    },
  },
  {
    // mthines/lorekit#656 and four more reports.
    name: 'no composition at a schema’s root',
    binds: anthropic,
    from: 'provider',
    breach: (request) =>
      first(request, ({ schema: { oneOf, allOf, anyOf } }) =>
        oneOf || allOf || anyOf
          ? '.input_schema: input_schema does not support oneOf, allOf, or anyOf at the top level'
          : undefined,
      ),
  },
  {
    // accelerated-intelligent-document-processing-on-aws#709: nested ones pass.
    name: 'property keys at a schema’s root',
    binds: anthropic,
    from: 'provider',
    breach: (request) =>
      first(request, ({ schema: { properties } }) =>
        Object.keys(Object(properties)).every((key) => /^[a-zA-Z0-9_.-]{1,64}$/.test(key))
          ? undefined
          : `.input_schema.properties: Property keys should match pattern '^[a-zA-Z0-9_.-]{1,64}$'`,
      ),
  },
  {
    name: 'a schema is one of draft 2020-12',
    binds: anthropic,
    from: 'provider',
    breach: (request) =>
      first(request, ({ schema }) => (matchesDraft(schema) ? undefined : `.input_schema: ${notOfDraft}`)),
  },
  {
    // Converse hands the tools on; that GPT says the same there as in its own APIs is assumed.
    name: 'schemas that GPT takes',
    binds: ({ provider }) => provider === 'openai',
    from: 'provider',
    breach({ toolConfig }) {
      for (const { toolSpec } of toolConfig?.tools ?? []) {
        const fault =
          toolSpec &&
          schemaFault(toolSpec.inputSchema.json, false, { kind: 'function', name: toolSpec.name });
        if (fault) return fault;
      }
      return undefined;
    },
  },
  {
    // Tracer-Cloud/opensre#2404 tells that it is refused, and not in which words.
    name: 'additionalProperties of another type',
    binds: ({ name }) => /^(Llama|Mistral|Pixtral|Voxtral|Devstral)/.test(name),
    breach: (request) =>
      specsOf(request).some(({ schema }) => hasOddAdditions(schema))
        ? 'The schema of the tool is invalid: additionalProperties must be an object or a boolean.'
        : undefined,
  },
  {
    // zed-industries/zed#31815 has the words, for definitions on Nova Premier; Nova's manual has the three members.
    name: 'members of a schema’s root',
    binds: ({ name }) => name.startsWith('Nova') && !name.startsWith('Nova 2'),
    from: 'provider',
    breach(request) {
      for (const [at, tool] of (request.toolConfig?.tools ?? []).entries()) {
        const odd = Object.keys(tool.toolSpec?.inputSchema.json ?? {}).find(
          (key) => !['type', 'properties', 'required'].includes(key),
        );
        if (odd) return extraneousKey(`#/toolConfig/tools/${at}/toolSpec/inputSchema/json`, odd);
      }
      return undefined;
    },
  },
  {
    name: 'too many strict tools',
    binds: strictClaude,
    from: 'provider',
    breach(request) {
      const { length } = strictOf(request);
      return length > 20 ? `Too many strict tools (${length}). Reduce their number (limit: 20).` : undefined;
    },
  },
  {
    name: 'schemas of strict tools',
    binds: strictClaude,
    from: 'provider',
    breach: (request) =>
      first(request, ({ schema, strict }) => {
        const error = strict ? compileError(schema) : undefined;
        return error && `: ${error}`;
      }),
  },
  {
    name: 'strict tools together',
    binds: strictClaude,
    from: 'provider',
    breach: (request) => sizeError(strictOf(request).map(({ schema }) => schema)),
  },
];

function hasOddAdditions(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some(hasOddAdditions);
  return Object.entries(value).some(([key, member]) =>
    key === 'additionalProperties'
      ? typeof member !== 'boolean' &&
        (typeof member !== 'object' || member === null || Array.isArray(member))
      : hasOddAdditions(member),
  );
}
