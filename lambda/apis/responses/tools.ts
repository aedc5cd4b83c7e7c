import { isObject } from '../../canonical/json.ts';
import type { ToolConfig } from '../../canonical/types.ts';
import { readArray } from '../shared/json.ts';
import { type FromStore, itemPath } from './item-path.ts';
import type { ResponsesRequest } from './schema.ts';
import { readChoice } from './tool-choice.ts';
import type { ToolNames } from './tool-names.ts';
import { type FoundTool, isClientSearch, ToolReading } from './tool-reading.ts';

/** The tools of a request, in the canonical shape, and what the conversation and the answer must know of them. */
export interface RequestedTools {
  toolConfig?: ToolConfig;
  toolChoiceNone: boolean;
  names: ToolNames;
  /** By the place of a `tool_search_output` in the input: the tools that it found. */
  found: ReadonlyMap<number, readonly FoundTool[]>;
  /** Tools that OpenAI would run, which a gateway cannot. */
  ignored: string[];
  /** A search of the web is among them, which some models have themselves. */
  webSearch: boolean;
}

/**
 * Tools stand in `tools`, in items `additional_tools` (Codex for its newest models), and in what a client's own search
 * has found: all are offered, in this order, so that those of earlier turns keep their places.
 */
export function readTools(
  request: Pick<ResponsesRequest, 'tools' | 'tool_choice'>,
  input: readonly unknown[],
  stored?: FromStore,
): RequestedTools {
  const listed = [{ tools: request.tools ?? [], path: 'tools' }, ...additionalTools(input, stored)];
  const isSearched = listed.some(({ tools }) => tools.some(isClientSearch));
  const reading = new ToolReading(isSearched);
  for (const { tools, path } of listed) reading.addAll(tools, path);
  const found = new Map<number, FoundTool[]>();
  input.forEach((item, i) => {
    if (!isObject(item) || item.type !== 'tool_search_output') return;
    const at = `${itemPath(i, stored)}.tools`;
    found.set(i, reading.addFound(readArray(item.tools ?? [], at), at));
  });
  const { tools, names, ignored, webSearch, hosted } = reading;
  const declared = tools.flatMap((tool) => ('toolSpec' in tool ? [tool.toolSpec.name] : []));
  const choice = readChoice(request.tool_choice ?? undefined, { names, declared, hosted });
  const { only } = choice;
  const offered = only ? tools.filter((t) => !('toolSpec' in t) || only.has(t.toolSpec.name)) : tools;
  return {
    ...(declared.length > 0 && {
      toolConfig: { tools: offered, ...(choice.toolChoice && { toolChoice: choice.toolChoice }) },
    }),
    toolChoiceNone: choice.none ?? false,
    names,
    found,
    ignored,
    webSearch,
  };
}

function additionalTools(
  input: readonly unknown[],
  stored: FromStore | undefined,
): { tools: unknown[]; path: string }[] {
  return input.flatMap((item, i) => {
    if (!isObject(item) || item.type !== 'additional_tools') return [];
    const path = `${itemPath(i, stored)}.tools`;
    return [{ tools: readArray(item.tools ?? [], path), path }];
  });
}
