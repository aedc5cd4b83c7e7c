import { isObject, list } from '../../canonical/json.ts';
import type { Json, JsonObject } from '../../canonical/types.ts';
import { asKnownTool } from './tool-members.ts';

/**
 * What the runtime takes; each other type is a 400. Searches, interpreters and the like are OpenAI's, and nobody runs
 * them here (BerriAI/litellm 1.110.2, checked live in October 2026).
 */
const accepted: ReadonlySet<unknown> = new Set([
  undefined,
  'function',
  'custom',
  'mcp',
  'apply_patch',
  'namespace',
  'tool_search',
  'computer',
]);

export const isAcceptedTool = (type: unknown): boolean => accepted.has(type);

/** The client's own shells, which the gateway can offer as functions by Converse. */
const shells: ReadonlySet<unknown> = new Set(['shell', 'local_shell']);

/** All lists of tools that a body has: its own, and those of its items. */
export const listsOfTools = ({ tools, input }: JsonObject): unknown[] => [
  tools,
  ...list(input).flatMap(({ type, tools }) =>
    type === 'additional_tools' || type === 'tool_search_output' ? [tools] : [],
  ),
];

/** Whether no tool is among them that only the gateway can offer. */
export const isCarriedOut = (body: JsonObject): boolean => !listsOfTools(body).some(hasShell);

const hasShell = (tools: unknown): boolean =>
  list(tools).some(({ type, environment }) => {
    const isLocal = !isObject(environment) || environment.type == null || environment.type === 'local';
    return shells.has(type) && isLocal;
  });

export interface AcceptedTools {
  accepted: Json[];
  /** The others, as the client would find them. */
  dropped: string[];
  hadMarks: boolean;
}

/** The tools that the runtime takes, without marks for a cache, which tools cannot have there. */
export function acceptedTools(tools: readonly Json[], path: string, inNamespace = false): AcceptedTools {
  const dropped: string[] = [];
  let hadMarks = false;
  const kept = tools.flatMap((given, i): Json[] => {
    if (!isObject(given)) return [given];
    const { cache_control: one, prompt_cache_breakpoint: other, ...tool } = asKnownTool(given as JsonObject);
    hadMarks ||= isObject(one) || isObject(other);
    const at = `${path}[${i}]`;
    if (!accepted.has(tool.type) || (inNamespace && !callable.has(tool.type))) {
      dropped.push(`${at} (${String(tool.type).slice(0, 64)})`);
      return [];
    }
    if (tool.type !== 'namespace' || !Array.isArray(tool.tools)) return [tool];
    const inner = acceptedTools(tool.tools, `${at}.tools`, true);
    hadMarks ||= inner.hadMarks;
    for (const each of inner.dropped) dropped.push(each);
    // One without tools is refused, and offers nothing.
    return inner.accepted.length > 0 ? [{ ...tool, tools: inner.accepted }] : [];
  });
  return { accepted: kept, dropped, hadMarks };
}

/** A namespace has no others. */
const callable: ReadonlySet<unknown> = new Set(['function', 'custom']);
