import {
  isCollection,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  stringify,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { type At, type Format, type Json, type Step, UneditableFile } from './format.ts';
import { indentAt, indented, lineEnd, lineOf, lineStart, splice, withLineBreak } from './text.ts';
import { deepest, endOf, itemAt, pairAt, parsed } from './yaml-tree.ts';

/**
 * YAML in block style. The package yaml finds the places; written by it, a document keeps its comments but not its
 * spaces, quotes and folded lines.
 */
export const yaml: Format = {
  read: (text) => (parsed(text).toJS() ?? {}) as Json,

  set(text, at, value) {
    const document = parsed(text);
    if (isNothing(document.contents)) return withLineBreak(text) + block(nested(at, value));
    const { node, rest } = deepest(document.contents as Node, at);
    if (rest.length > 0) return insert(text, node, rest, value);
    const start = node.range![0];
    if (!isCollection(node)) return splice(text, start, endOf(text, node), inline(value));
    if (node.flow) throw new UneditableFile(flowAt(text, node));
    const indent = ' '.repeat(start - lineStart(text, start));
    return splice(text, start, endOf(text, node), indented(block(value).trimEnd(), indent));
  },

  remove(text, at) {
    const document = parsed(text);
    const { node: parent, rest } = deepest(document.contents as Node, at.slice(0, -1));
    const last = at.at(-1);
    if (rest.length > 0 || last === undefined) return text;
    if (isCollection(parent) && parent.flow) throw new UneditableFile(flowAt(text, parent));
    if (isMap(parent) && typeof last === 'string') return takeOutPair(text, parent, last);
    if (isSeq(parent) && typeof last !== 'string') return takeOutItem(text, parent, last);
    return text;
  },

  range(text, at) {
    const { contents } = parsed(text);
    if (contents === null) return undefined;
    const { node, rest } = deepest(contents as Node, at);
    return rest.length > 0 ? undefined : [node.range![0], endOf(text, node)];
  },
};

/** A document of comments alone, or with `---` before them, which makes a null of it. */
const isNothing = (contents: unknown): boolean =>
  contents === null || (isScalar(contents) && contents.value === null && contents.source === '');

const nested = (at: At, value: Json): Json =>
  at.reduceRight<Json>((inner, step) => (typeof step === 'string' ? { [step]: inner } : [inner]), value);

const block = (value: Json): string => stringify(value, { lineWidth: 0 });
const inline = (value: Json): string => block(value).trimEnd();

function insert(text: string, parent: Node, rest: At, value: Json): string {
  const [step] = rest;
  const child = nested(rest, value);
  const empty = isCollection(parent) ? parent.items.length === 0 : isScalar(parent) && parent.value === null;
  if (empty) return fill(text, parent, child);
  const fits = typeof step === 'string' ? isMap(parent) : isSeq(parent);
  if (!fits)
    throw new UneditableFile(`line ${lineOf(text, parent.range![0])}: there is something else instead`);
  if (isCollection(parent) && parent.flow) throw new UneditableFile(flowAt(text, parent));
  const first = isMap(parent)
    ? (parent.items[0] as Pair<Node>).key.range![0]
    : dashBefore(text, ((parent as YAMLSeq).items[0] as Node).range![0]);
  const indent = ' '.repeat(first - lineStart(text, first));
  const where = lineEnd(text, endOf(text, parent));
  const before = withLineBreak(text.slice(0, where));
  return `${before}${indent}${indented(block(child).trimEnd(), indent)}\n${text.slice(where)}`;
}

/** Puts the first content into `key:`, `key: []` or `key: {}`; a comment behind them stays behind the key. */
function fill(text: string, parent: Node, child: Json): string {
  const [start, end] = parent.range!;
  const indent = `${indentAt(text, start)}  `;
  const key = text.slice(0, start).trimEnd();
  if (!key.endsWith(':')) throw new UneditableFile(flowAt(text, parent));
  const [behind = ''] = /^[^\n]*/.exec(text.slice(end)) ?? [];
  const comment = behind.trim() === '' ? '' : ` ${behind.trim()}`;
  return `${key}${comment}\n${indent}${indented(inline(child), indent)}${text.slice(end + behind.length)}`;
}

const dashBefore = (text: string, item: number): number => text.lastIndexOf('-', item - 1);

function takeOutPair(text: string, map: YAMLMap, name: string): string {
  const pair = pairAt(map, name);
  if (!pair) return text;
  const start = pair.key.range![0];
  const end = endOf(text, pair.value?.range ? pair.value : pair.key);
  const [from, to] = [lineStart(text, start), lineEnd(text, end)];
  return map.items.length > 1 ? splice(text, from, to, '') : emptied(text, from, to, '{}');
}

/** Takes the last lines out of a collection: what is left is an empty one, behind its key. */
function emptied(text: string, from: number, to: number, empty: string): string {
  const key = text.slice(0, from).trimEnd();
  return key.endsWith(':') ? `${key} ${empty}\n${text.slice(to)}` : splice(text, from, to, '');
}

function takeOutItem(text: string, list: YAMLSeq, step: Exclude<Step, string>): string {
  const item = itemAt(list, step);
  if (!item) return text;
  const end = endOf(text, item);
  const [from, to] = [lineStart(text, dashBefore(text, item.range![0])), lineEnd(text, end)];
  return list.items.length > 1 ? splice(text, from, to, '') : emptied(text, from, to, '[]');
}

const flowAt = (text: string, node: Node) =>
  `line ${lineOf(text, node.range![0])}: what stands there in one line, in { } or [ ], cannot be edited: put it into lines of its own`;
