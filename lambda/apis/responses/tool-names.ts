import type { CalledTool, ToolKinds } from './rendering.ts';

type ToolKind = CalledTool['kind'];
/** Tools that OpenAI's models know by themselves and clients run. */
export const builtIns = ['tool_search', 'local_shell', 'shell', 'apply_patch'] as const;
export type BuiltIn = (typeof builtIns)[number];

/**
 * What the model calls each tool. Converse has neither namespaces nor kinds: a tool of a namespace is called
 * `namespace__name`, always, so that one which is found later cannot take the name of one that has been called; where
 * two would have the same name, the later one gets a number. Names that a model refuses are replaced when the request
 * is fitted to it. Names are given in the order of the conversation, so that they stay the same while it grows.
 */
export class ToolNames implements ToolKinds {
  readonly #called = new Map<string, string>();
  readonly #tools = new Map<string, CalledTool>();
  /** Of each name without its namespace: the one tool that has it, or null where there are several. */
  readonly #bare = new Map<string, string | null>();
  readonly #namespaces = new Map<string, string[]>();
  readonly #numbers = new Map<string, number>();

  /** Gives a tool its name, the same each time. */
  declare(tool: CalledTool): string {
    const key = keyOf(tool);
    const known = this.#called.get(key);
    if (known !== undefined) return known;
    const called = this.#free(tool.namespace === undefined ? tool.name : `${tool.namespace}__${tool.name}`);
    this.#called.set(key, called);
    this.#tools.set(called, tool);
    if (!isBuiltIn(tool.kind)) this.#bare.set(tool.name, this.#bare.has(tool.name) ? null : called);
    if (tool.namespace !== undefined) this.#addTo(tool.namespace, called);
    return called;
  }

  /** The name of a tool that has been declared. A namespace may be left out where only one has a tool of this name. */
  find(tool: CalledTool): string | undefined {
    const exact = this.#called.get(keyOf(tool));
    if (exact !== undefined || tool.namespace !== undefined || isBuiltIn(tool.kind)) return exact;
    return this.#bare.get(tool.name) ?? undefined;
  }

  /** For a call in the history, whose tool may not be there any more. */
  nameOf(tool: CalledTool): string {
    return this.find(tool) ?? this.declare(tool);
  }

  /** What the client calls the tool that the model has called. A name that nobody gave is a function's. */
  of(calledName: string): CalledTool {
    return this.#tools.get(calledName) ?? { kind: 'function', name: calledName };
  }

  /** What the model calls the tools of a namespace. */
  inNamespace(namespace: string): readonly string[] {
    return this.#namespaces.get(namespace) ?? [];
  }

  #addTo(namespace: string, called: string): void {
    const names = this.#namespaces.get(namespace) ?? [];
    names.push(called);
    this.#namespaces.set(namespace, names);
  }

  #free(name: string): string {
    let number = this.#numbers.get(name) ?? 1;
    let free = name;
    while (this.#tools.has(free)) {
      number += 1;
      free = `${name}_${number}`;
    }
    this.#numbers.set(name, number);
    return free;
  }
}

const isBuiltIn = (kind: ToolKind): kind is BuiltIn => (builtIns as readonly string[]).includes(kind);

/** Functions and custom tools share their names; one of the built-in kind is there once. */
function keyOf({ kind, name, namespace }: CalledTool): string {
  if (isBuiltIn(kind)) return kind;
  return JSON.stringify(namespace === undefined ? [name] : [namespace, name]);
}
