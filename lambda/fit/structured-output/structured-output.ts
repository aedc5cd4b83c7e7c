import type { OutputFormat } from '../../canonical/request.ts';
import type { JsonObject, Tool, ToolChoice } from '../../canonical/types.ts';
import type { Capabilities } from '../../models/capabilities.ts';
import { addInstruction } from '../instruction.ts';
import { warn } from '../notes.ts';
import { cannotBeForced } from '../reasoning/thinking.ts';
import { closedSchema, isObjectSchema, wrappedSchema } from '../schema.ts';
import { withoutCalls } from '../tools/inert.ts';
import type { Draft, FitStep } from '../types.ts';
import { type JsonTool, restoreJsonTool } from './json-tool.ts';
import { isRecursive } from './recursive-schema.ts';

interface Schema {
  name: string;
  description: string | undefined;
  schema: JsonObject;
}

/**
 * The format of the answer: natively, else as the input of a tool that the model is made to call, else by
 * instruction. What a model says that does not comply is passed on as it is. Comes after `fitTools` and
 * `fitReasoning`: names are final, and a model that thinks may refuse to be forced.
 */
export const fitStructuredOutput: FitStep = (draft, capabilities) => {
  const format = draft.intent.outputFormat;
  if (!format) return;
  const asked = schemaOf(format);
  if (!asked) instruct(draft, capabilities, 'It must be one JSON object.');
  else if (capabilities.structuredOutput === 'native' && !isRecursive(asked.schema))
    askNatively(draft, asked);
  else if (capabilities.structuredOutput !== 'prompt' && capabilities.tools)
    askByTool(draft, capabilities, asked);
  else {
    const schema = JSON.stringify(asked.schema);
    instruct(draft, capabilities, `It must conform to this JSON schema:\n${schema}`);
  }
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
  warn(draft, 'response_format is asked for by instruction: the model is not bound to it');
}

function askNatively(draft: Draft, { name, description, schema }: Schema): void {
  const jsonSchema = {
    schema: JSON.stringify(closedSchema(schema)),
    name,
    ...(description?.trim() && { description }),
  };
  draft.request.outputConfig = {
    ...draft.request.outputConfig,
    textFormat: { type: 'json_schema', structure: { jsonSchema } },
  };
}

function askByTool(draft: Draft, capabilities: Capabilities, { description, schema }: Schema): void {
  const config = draft.request.toolConfig ?? { tools: [] };
  // A client that demands a call of its own tools wants no other answer now.
  if (config.toolChoice && !('auto' in config.toolChoice)) return;
  const wrapped = !isObjectSchema(schema);
  const tool: JsonTool = { name: freeName(config.tools), schema, wrapped };
  const json = wrapped ? wrappedSchema(schema) : { ...schema, type: 'object' };
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
    warn(draft, 'response_format is asked for by instruction: the model is not bound to it');
  }
  if (!capabilities.toolsInStream) draft.streamable = false;
  draft.restores.push(restoreJsonTool(tool));
}

/** The client's own tools may be called; those declared for the sake of the history may not. */
const callable = (draft: Draft): boolean =>
  draft.request.toolConfig !== undefined && !draft.restores.includes(withoutCalls);

/** With tools of the client's own the model may call those first: it must call some tool. */
function forced({ toolChoice }: Capabilities, name: string, ownTools: boolean): ToolChoice | undefined {
  if (!ownTools && toolChoice.tool) return { tool: { name } };
  return toolChoice.any ? { any: {} } : undefined;
}

function freeName(tools: readonly Tool[]): string {
  const taken = new Set(tools.flatMap((tool) => ('toolSpec' in tool ? [tool.toolSpec.name] : [])));
  let name = 'json_response';
  for (let n = 2; taken.has(name); n += 1) name = `json_response_${n}`;
  return name;
}
