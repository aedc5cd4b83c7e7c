import type { JsonObject } from '../../canonical/types.ts';
import { unsupported } from '../shared/bad-request.ts';

/** Tools that Claude knows by their type, which their client runs, as tools that any model can call. */
interface ClientTool {
  description: string;
  members: Record<string, JsonObject>;
  required: string[];
}

const text = (description: string): JsonObject => ({ type: 'string', description });
const line = (description: string): JsonObject => ({ type: 'integer', description });
const command = (...commands: string[]): JsonObject => ({ type: 'string', enum: commands });

const edits = {
  path: text('Absolute path of the file or directory.'),
  file_text: text('For create: the content of the file.'),
  old_str: text('For str_replace: the text to replace, which must occur once.'),
  new_str: text('For str_replace: the text in its place.'),
  insert_line: line('For insert: the line after which the text goes; 0 is the beginning.'),
  insert_text: text('For insert: the text.'),
  view_range: {
    type: 'array',
    items: { type: 'integer' },
    description: 'For view: the first and the last line, from 1; -1 is the end.',
  },
} satisfies Record<string, JsonObject>;
const { insert_text: _, new_str: __, ...olderEdits } = edits;

const bash: ClientTool = {
  description:
    'Runs a command in a bash session that keeps its state from call to call, and returns what it writes.',
  members: {
    command: text('The command. Required unless the session is restarted.'),
    restart: { type: 'boolean', description: 'True: starts a new session.' },
  },
  required: [],
};
const editor: ClientTool = {
  description: 'Shows, creates and edits files.',
  members: { command: command('view', 'create', 'str_replace', 'insert'), ...edits },
  required: ['command', 'path'],
};
/** Until Claude 3.7 an edit could be undone, and what is inserted stood in `new_str`. */
const olderEditor: ClientTool = {
  ...editor,
  members: {
    command: command('view', 'create', 'str_replace', 'insert', 'undo_edit'),
    ...olderEdits,
    new_str: text('For str_replace: the text in its place. For insert: the text.'),
  },
};
const memory: ClientTool = {
  description:
    'Keeps notes in files below /memories, from one conversation to the next. Look there before you begin, and write down what will be of use.',
  members: {
    command: command('view', 'create', 'str_replace', 'insert', 'delete', 'rename'),
    ...edits,
    path: text('A path below /memories.'),
    old_path: text('For rename.'),
    new_path: text('For rename.'),
  },
  required: ['command'],
};

/** https://docs.anthropic.com/en/docs/agents-and-tools: each with the members that Claude calls it with. */
const clientTools: ReadonlyMap<string, ClientTool> = new Map([
  ['bash_20241022', bash],
  ['bash_20250124', bash],
  ['text_editor_20241022', olderEditor],
  ['text_editor_20250124', olderEditor],
  ['text_editor_20250429', editor],
  ['text_editor_20250728', editor],
  ['memory_20250818', memory],
]);

/** A typed tool as a plain one; undefined for a type that no other model could call. */
export function asPlainTool(
  type: string,
): { description: string; inputSchema: { json: JsonObject } } | undefined {
  const tool = clientTools.get(type);
  if (!tool) return undefined;
  const { description, members, required } = tool;
  return { description, inputSchema: { json: { type: 'object', properties: members, required } } };
}

/** Tools that Anthropic runs, which Bedrock has none of. */
const servers = /^(web_search|web_fetch|code_execution|advisor|mcp_toolset)(_|$)/;
export const isServerTool = (type: string): boolean => servers.test(type);

/** Finds deferred tools; it runs inside the model's service, and by Converse there is none. */
export const isToolSearch = (type: string): boolean => /^tool_search_tool_/.test(type);

/**
 * Claude's own words for a type that it does not take (recorded): Claude Code turns this into a failed tool result and
 * goes on.
 */
export function wrongType(type: string, at: string) {
  const known = ['custom', ...clientTools.keys()].map((name) => `'${name}'`).join(', ');
  const shown = type.slice(0, 64);
  const why = isServerTool(type)
    ? `Anthropic runs ${shown} itself, and Amazon Bedrock has no such tool`
    : `only Claude can call ${shown}, in its own API`;
  return unsupported(
    `${at}: Input tag '${shown}' found using 'type' does not match any of the expected tags: ${known}. Leave it out: ${why}.`,
    at,
  );
}
