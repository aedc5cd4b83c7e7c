import type { JsonObject, ToolSpec } from '../../canonical/types.ts';
import { type Fields, readJsonObject, readOptional, readString } from '../shared/json.ts';
import type { BuiltIn } from './tool-names.ts';

type Spec = Pick<ToolSpec, 'description' | 'inputSchema'>;

/**
 * Tools that OpenAI's models have learnt, as any model can be told of them. Their input has the members of the item that
 * a call goes out as (https://platform.openai.com/docs/api-reference/responses/object): `action` of `local_shell_call`
 * and `shell_call`, `operation` of `apply_patch_call`, `arguments` of `tool_search_call`.
 */
const specs: Readonly<Record<Exclude<BuiltIn, 'tool_search'>, Spec>> = {
  local_shell: {
    description: 'Runs a command on the user’s machine and returns its output.',
    inputSchema: objectSchema(
      {
        command: { type: 'array', items: { type: 'string' }, description: 'The program and its arguments.' },
        working_directory: { type: 'string', description: 'Where to run it.' },
        timeout_ms: { type: 'integer', description: 'Milliseconds that it may take.' },
        env: {
          type: 'object',
          additionalProperties: { type: 'string' },
          description: 'Environment variables.',
        },
      },
      ['command'],
    ),
  },
  shell: {
    description:
      'Runs commands in a shell on the user’s machine and returns what each wrote and how it ended. Several commands may run at the same time.',
    inputSchema: objectSchema(
      {
        commands: { type: 'array', items: { type: 'string' }, description: 'Commands for the shell.' },
        timeout_ms: { type: 'integer', description: 'Milliseconds that they may take.' },
        max_output_length: { type: 'integer', description: 'Characters of output to return at most.' },
      },
      ['commands'],
    ),
  },
  apply_patch: {
    description:
      'Creates, updates or deletes one file. The diff of a new file is its lines, each with + before it. That of an update is hunks: a line that begins with @@, with the function or class where it helps, then lines with a space (unchanged), - (removed) or + (added) before them, three unchanged ones around each change.',
    inputSchema: objectSchema(
      {
        operation: {
          type: 'object',
          properties: {
            type: { type: 'string', enum: ['create_file', 'update_file', 'delete_file'] },
            path: { type: 'string', description: 'The file, relative to the workspace.' },
            diff: { type: 'string', description: 'Not for delete_file.' },
          },
          required: ['type', 'path'],
        },
      },
      ['operation'],
    ),
  },
};

const searchSchema = objectSchema(
  {
    query: { type: 'string', description: 'What the tool is to do.' },
    limit: { type: 'integer', description: 'How many tools to find at most.' },
  },
  ['query'],
);

/** How the model is told of a built-in tool; the client words its own search itself. */
export function builtInSpec(kind: BuiltIn, tool: Fields, path: string): Spec {
  if (kind !== 'tool_search') return specs[kind];
  const description = readOptional(tool.description, `${path}.description`, readString);
  const schema = readOptional(tool.parameters, `${path}.parameters`, readJsonObject);
  return {
    description: description ?? 'Finds further tools, which can be called from then on.',
    inputSchema: schema ? { json: schema } : searchSchema,
  };
}

function objectSchema(properties: JsonObject, required: string[]): { json: JsonObject } {
  return { json: { type: 'object', properties, required } };
}
