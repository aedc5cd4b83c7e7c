import type { Schema, Tool } from '../../converse/request.ts';
import type { Item, ResponseBody, ToolBody } from './body.ts';

/** What the model may call, and what a call of it is told to the client as. */
export interface Callable {
  /** The name that the model knows it by. */
  called: string;
  kind: 'function' | 'custom' | 'tool_search' | 'apply_patch';
  name: string;
  namespace?: string;
  description: string;
  parameters: Schema;
}

const text: Schema = { type: 'string' };
const input: Schema = { type: 'object', properties: { input: text }, required: ['input'] };
const query: Schema = { type: 'object', properties: { query: text }, required: ['query'] };
const patch: Schema = {
  type: 'object',
  properties: { type: { const: 'update_file' }, path: text, diff: text },
  required: ['type', 'path', 'diff'],
};

/** All tools of a request and of its conversation; what is held back, where it can be searched for, is not there. */
export function callablesIn({ tools }: ResponseBody, items: readonly Item[]): Callable[] {
  const given = [
    ...(tools ?? []),
    ...items.flatMap((item) => (item.type === 'additional_tools' ? item.tools! : [])),
  ];
  const searched = given.some(({ type }) => type === 'tool_search');
  const found = items.flatMap((item) => (item.type === 'tool_search_output' ? item.tools! : []));
  return [
    ...given.flatMap((tool) => callablesOf(tool, searched)),
    ...found.flatMap((tool) => callablesOf(tool, false)),
  ];
}

function callablesOf(tool: ToolBody, searched: boolean, namespace?: string): Callable[] {
  const { type, name = type, description, parameters, tools = [], defer_loading } = tool;
  if (type === 'namespace') return tools.flatMap((each) => callablesOf(each, searched, name));
  if (searched && defer_loading) return [];
  const called = namespace ? `${namespace}__${name}` : name;
  const common = { called, name, description: description ?? '', ...(namespace && { namespace }) };
  switch (type) {
    case 'function':
      return [{ ...common, kind: type, parameters: parameters ?? {} }];
    case 'custom':
      return [{ ...common, kind: type, parameters: input }];
    case 'tool_search':
      return tool.execution === 'client' ? [{ ...common, kind: type, parameters: parameters ?? query }] : [];
    case 'apply_patch':
      return [{ ...common, kind: type, parameters: patch }];
    default:
      return [];
  }
}

/** The tools as Converse would put them, with the choice among them. */
export function toolConfigOf({ tool_choice: choice }: ResponseBody, callables: readonly Callable[]) {
  if (callables.length === 0 || choice === 'none') return {};
  const allowed = typeof choice === 'object' && choice?.type === 'allowed_tools' ? choice : undefined;
  const offered = callables.filter(
    ({ name }) => !allowed || allowed.tools?.some((tool) => tool.name === name),
  );
  const any = choice === 'required' || allowed?.mode === 'required';
  const named =
    typeof choice === 'object' && !allowed
      ? offered.find(({ kind, name }) => kind === choice?.type && name === (choice?.name ?? name))
      : undefined;
  return {
    toolConfig: {
      tools: offered.map(specOf),
      ...(any && { toolChoice: { any: {} } }),
      ...(named && { toolChoice: { tool: { name: named.called } } }),
    },
  };
}

const specOf = ({ called, description, parameters }: Callable): Tool => ({
  toolSpec: { name: called, ...(description && { description }), inputSchema: { json: parameters } },
});
