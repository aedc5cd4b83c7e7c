import { isObject, list } from '../../canonical/json.ts';
import type { Json, JsonObject } from '../../canonical/types.ts';

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

/** The client's own shells, which the gateway can offer as functions by Converse. */
const shells: ReadonlySet<unknown> = new Set(['shell', 'local_shell']);

/** Whether no tool is among them that only the gateway can offer. */
export const isCarriedOut = ({ tools, input }: JsonObject): boolean =>
  !hasShell(tools) && !list(input).some((item) => item.type === 'additional_tools' && hasShell(item.tools));

const hasShell = (tools: unknown): boolean =>
  list(tools).some(({ type, environment }) => {
    const isLocal = !isObject(environment) || environment.type == null || environment.type === 'local';
    return shells.has(type) && isLocal;
  });

/**
 * The tools that the runtime takes, without marks for a cache, which tools cannot have there. `dropped`: the others, as the
 * client would find them.
 */
export function acceptedTools(
  tools: readonly Json[],
  path: string,
): { accepted: Json[]; dropped: string[]; hadMarks: boolean } {
  const dropped: string[] = [];
  let hadMarks = false;
  const kept = tools.flatMap((tool, i): Json[] => {
    const type = isObject(tool) ? tool.type : undefined;
    if (!accepted.has(type)) {
      dropped.push(`${path}[${i}] (${String(type).slice(0, 64)})`);
      return [];
    }
    if (!isObject(tool)) return [tool];
    const { cache_control: one, prompt_cache_breakpoint: other, ...rest } = tool as JsonObject;
    if (one === undefined && other === undefined) return [tool as JsonObject];
    hadMarks ||= isObject(one) || isObject(other);
    return [rest];
  });
  return { accepted: kept, dropped, hadMarks };
}
