import { isObject } from '../../canonical/json.ts';
import type { Tool, ToolSpec } from '../../canonical/types.ts';
import { pushCachePoint } from '../content/cache-marks.ts';
import { customTool, functionTool } from '../openai/tool-specs.ts';
import { type Fields, readArray, readName, readObject } from '../shared/json.ts';
import { readToolName } from '../shared/tool-name.ts';
import { builtInSpec } from './built-in-tools.ts';
import type { CalledTool } from './rendering.ts';
import { type BuiltIn, ToolNames } from './tool-names.ts';

export type FoundTool = Pick<ToolSpec, 'name' | 'description'>;

/** Of the searches only the client's can be run; OpenAI's own finds nothing here, so that all tools are offered. */
export const isClientSearch = (tool: unknown): boolean =>
  isObject(tool) && tool.type === 'tool_search' && tool.execution === 'client';

/** Whether the client's machine is meant, and not one of OpenAI's. */
const isLocal = ({ environment }: Fields): boolean =>
  !isObject(environment) || environment.type == null || environment.type === 'local';

/** The tools of a request as they are read, one after the other. */
export class ToolReading {
  readonly tools: Tool[] = [];
  readonly names = new ToolNames();
  readonly ignored: string[] = [];
  /** Types of the tools that OpenAI would run. */
  readonly hosted = new Set<string>();
  webSearch = false;
  readonly #isSearched: boolean;
  readonly #offered = new Set<string>();

  constructor(isSearched: boolean) {
    this.#isSearched = isSearched;
  }

  addAll(given: readonly unknown[], path: string): void {
    for (const [i, item] of given.entries()) this.#add(readObject(item, `${path}[${i}]`), `${path}[${i}]`);
  }

  /** The same for what a search has found, which is meant to be called whether it was put off before or not. */
  addFound(given: readonly unknown[], path: string): FoundTool[] {
    return given.flatMap((item, i) => {
      const at = `${path}[${i}]`;
      return this.#add(readObject(item, at), at, undefined, true);
    });
  }

  #add(tool: Fields, path: string, namespace?: string, isFound = false): FoundTool[] {
    switch (tool.type ?? (tool.name == null ? undefined : 'function')) {
      case 'function':
      case 'custom':
        return this.#addClientTool(tool, path, namespace, isFound);
      case 'namespace':
        if (namespace === undefined) return this.#addNamespace(tool, path, isFound);
        break;
      case 'tool_search':
        if (isClientSearch(tool)) return this.#addBuiltIn('tool_search', tool, path);
        break;
      case 'shell':
        if (isLocal(tool)) return this.#addBuiltIn('shell', tool, path);
        break;
      case 'local_shell':
      case 'apply_patch':
        return this.#addBuiltIn(tool.type as 'local_shell' | 'apply_patch', tool, path);
      default:
    }
    this.#ignore(tool, path);
    return [];
  }

  #addClientTool(tool: Fields, path: string, namespace: string | undefined, isFound: boolean): FoundTool[] {
    const isCustom = tool.type === 'custom';
    // Some clients nest a function's members as Chat Completions has them.
    const nested = isObject(tool.function) ? tool.function : undefined;
    const { toolSpec } = isCustom
      ? customTool(tool, path)
      : functionTool(nested ?? tool, nested ? `${path}.function` : path);
    if (tool.defer_loading === true && this.#isSearched && !isFound) return [];
    const kind = isCustom ? 'custom' : 'function';
    return this.#offer(
      { kind, name: toolSpec.name, ...(namespace !== undefined && { namespace }) },
      toolSpec,
      tool,
    );
  }

  #addNamespace(tool: Fields, path: string, isFound: boolean): FoundTool[] {
    const namespace = readToolName(tool.name, `${path}.name`);
    return readArray(tool.tools ?? [], `${path}.tools`).flatMap((item, i) => {
      const at = `${path}.tools[${i}]`;
      return this.#add(readObject(item, at), at, namespace, isFound);
    });
  }

  #addBuiltIn(kind: BuiltIn, tool: Fields, path: string) {
    return this.#offer({ kind, name: kind }, { name: kind, ...builtInSpec(kind, tool, path) }, tool);
  }

  /** A tool that is defined again, as the searches of several turns may find it, keeps its first definition. */
  #offer(client: CalledTool, spec: ToolSpec, tool: Fields): FoundTool[] {
    const name = this.names.declare(client);
    if (!this.#offered.has(name)) {
      this.#offered.add(name);
      this.tools.push({ toolSpec: { ...spec, name } });
      pushCachePoint(this.tools, tool);
    }
    return [{ name, ...(spec.description !== undefined && { description: spec.description }) }];
  }

  #ignore(tool: Fields, path: string): void {
    const type = readName(tool.type, `${path}.type`).slice(0, 64);
    this.hosted.add(type);
    if (/^web_search/.test(type) && tool.external_web_access !== false) this.webSearch = true;
    else this.ignored.push(`${path} (${type})`);
  }
}
