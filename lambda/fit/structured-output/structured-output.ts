import type { OutputFormat } from '../../canonical/request.ts';
import type { JsonObject, ToolChoice, ToolConfig } from '../../canonical/types.ts';
import { wellFormedJson } from '../../canonical/well-formed.ts';
import { field, note } from '../../fields.ts';
import type { Capabilities } from '../../models/capabilities.ts';
import { declaredNames } from '../content.ts';
import { addInstruction } from '../instruction.ts';
import { warn } from '../notes.ts';
import { cannotBeForced } from '../reasoning/thinking.ts';
import { withItems } from '../schema/array-items.ts';
import { closedSchema, isObjectSchema } from '../schema/closed.ts';
import { currentDraft } from '../schema/current-draft.ts';
import { fitsGrammar } from '../schema/grammar.ts';
import { objectRoot } from '../schema/object-root.ts';
import { plainRoot } from '../schema/plain-root.ts';
import { rootKeys } from '../schema/root-keys.ts';
import { wrappedSchema } from '../schema/wrapped.ts';
import { withoutCalls } from '../tools/inert.ts';
import type { Draft, FitStep } from '../types.ts';
import { type JsonTool, restoreJsonTool } from './json-tool.ts';

interface Schema {
  name: string;
  description: string | undefined;
  schema: JsonObject;
}

/**
 * The format of the answer: natively, else as the input of a tool that the model is made to call, else by
 * instruction. A schema that the model's grammar cannot hold goes the next way, whole. What a model says that does not
 * comply is passed on as it is. Comes after `fitTools` and `fitReasoning`: names are final, and a model that thinks
 * may refuse to be forced.
 */
export const fitStructuredOutput: FitStep = (draft, capabilities) => {
  const format = draft.intent.outputFormat;
  if (!format) return;
  const asked = schemaOf(format);
  if (!asked) {
    instruct(draft, capabilities, 'It must be one JSON object.');
    return;
  }
  const byTool = capabilities.structuredOutput !== 'prompt' && capabilities.tools;
  if (capabilities.structuredOutput !== 'native' && !byTool) {
    instructSchema(draft, capabilities, asked);
    return;
  }
  const { schema, lost } = currentDraft(asked.schema);
  if (capabilities.structuredOutput === 'native' && fitsGrammar(schema, capabilities)) {
    askNatively(draft, { ...asked, schema });
  } else if (byTool) askByTool(draft, capabilities, { ...asked, schema });
  else {
    instructSchema(draft, capabilities, asked);
    return;
  }
  for (const what of lost) warn(draft, note`${what} was left out of the schema of ${field('outputFormat')}`);
};

/** No model has a mode for any JSON object on Converse: without a schema only the instruction is left. */
function schemaOf(format: OutputFormat): Schema | undefined {
  if (format.type === 'json_schema') {
    return { name: format.name, description: format.description, schema: format.schema };
  }
  return format.schema && { name: 'response', description: undefined, schema: format.schema };
}

function instruct(draft: Draft, capabilities: Capabilities, demand: string): void {
  addInstruction(draft, capabilities, `Answer in JSON only, without explanation or code fence. ${demand}`);
  warn(draft, note`${field('outputFormat')} is asked for by instruction: the model is not bound to it`);
}

function instructSchema(draft: Draft, capabilities: Capabilities, { schema }: Schema): void {
  instruct(draft, capabilities, `It must conform to this JSON schema:\n${wellFormedJson(schema)}`);
}

function askNatively(draft: Draft, { name, description, schema }: Schema): void {
  const hinted = new Set<string>();
  const closed = closedSchema(schema, hinted);
  if (hinted.size > 0)
    warn(draft, note`${field('outputFormat')}: ${[...hinted].join(', ')} became part of descriptions`);
  const jsonSchema = {
    schema: wellFormedJson(closed),
    name,
    ...(description?.trim() && { description }),
  };
  draft.request.outputConfig = {
    ...draft.request.outputConfig,
    textFormat: { type: 'json_schema', structure: { jsonSchema } },
  };
}

function askByTool(draft: Draft, capabilities: Capabilities, { description, schema }: Schema): void {
  const config: ToolConfig = draft.request.toolConfig ?? { tools: [] };
  // A client that demands a call of its own tools wants no other answer now.
  if (config.toolChoice && !('auto' in config.toolChoice)) return;
  const root = rootOf(schema, capabilities);
  const tool: JsonTool = {
    name: freeName(config),
    schema: root ?? schema,
    wrapped: root === undefined,
  };
  const whole = root ?? wrappedFor(capabilities, schema);
  const json = capabilities.schemaRules === 'openai' ? withItems(whole) : whole;
  const toolSpec = {
    name: tool.name,
    description: description?.trim() || 'Gives the final answer to the user: its input is the answer.',
    inputSchema: { json },
  };
  const own = draft.intent.toolChoiceNone !== true && callable(draft);
  const choice = cannotBeForced(draft.request, capabilities)
    ? undefined
    : forced(capabilities, tool.name, own);
  draft.request.toolConfig = {
    tools: [...config.tools, { toolSpec }],
    ...(choice && { toolChoice: choice }),
  };
  if (!choice) {
    addInstruction(
      draft,
      capabilities,
      `Give your final answer by calling the tool ${tool.name}, not as text.`,
    );
    warn(draft, note`${field('outputFormat')} is asked for by instruction: the model is not bound to it`);
  }
  if (!capabilities.toolsInStream) draft.streamable = false;
  draft.restores.push(restoreJsonTool(tool));
}

/** The schema as a tool's, which must be an object's; undefined when it must be wrapped to be kept whole. */
function rootOf(schema: JsonObject, { schemaRules }: Capabilities): JsonObject | undefined {
  if (schemaRules === undefined) return isObjectSchema(schema) ? { ...schema, type: 'object' } : undefined;
  const root = objectRoot(schema);
  if (!root?.exact) return undefined;
  if (schemaRules === 'openai') return root.schema.not === undefined ? root.schema : undefined;
  if (schemaRules === 'anthropic') return rootKeys(root.schema).changed ? undefined : root.schema;
  const lost = new Set<string>();
  const plain = plainRoot(root.schema, lost);
  return lost.size === 0 && Object.keys(plain.rest).length === 0 ? plain.schema : undefined;
}

/** The value under one property of an object, which a tool's schema can describe whatever the value is. */
function wrappedFor({ schemaRules }: Capabilities, schema: JsonObject): JsonObject {
  const wrapped = wrappedSchema(schema);
  return schemaRules === 'nova' ? plainRoot(wrapped, new Set()).schema : wrapped;
}

/** The client's own tools may be called; those declared for the sake of the history may not. */
const callable = (draft: Draft): boolean =>
  draft.request.toolConfig !== undefined && !draft.restores.includes(withoutCalls);

/** With tools of the client's own the model may call those first: it must call some tool. */
function forced({ toolChoice }: Capabilities, name: string, ownTools: boolean): ToolChoice | undefined {
  if (!ownTools && toolChoice.tool) return { tool: { name } };
  return toolChoice.any ? { any: {} } : undefined;
}

function freeName(config: ToolConfig): string {
  const taken = new Set(declaredNames(config));
  let name = 'json_response';
  for (let n = 2; taken.has(name); n += 1) name = `json_response_${n}`;
  return name;
}
