import {
  type Document,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { type At, DamagedFile, findItem, type Json, type Step } from './format.ts';

/** Throws DamagedFile. */
export function parsed(text: string): Document {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter });
  const [first] = document.errors;
  if (first) {
    const [what = ''] = first.message.split(' at line ');
    throw new DamagedFile(lineCounter.linePos(first.pos[0]).line, `no YAML: ${what}`);
  }
  return document;
}

export const pairAt = (map: YAMLMap, name: string): Pair<Node, Node | null> | undefined =>
  map.items.find(({ key }) => isScalar(key) && key.value === name) as Pair<Node, Node | null> | undefined;

export const itemAt = (list: YAMLSeq, step: Exclude<Step, string>): Node | undefined =>
  list.items[findItem(list.toJSON() as Json[], step)] as Node | undefined;

/** The way into a document as far as it exists, and what is left of it. */
export function deepest(root: Node, at: At): { node: Node; rest: At } {
  let node = root;
  for (const [i, step] of at.entries()) {
    const next =
      typeof step === 'string'
        ? isMap(node) && pairAt(node as YAMLMap, step)?.value
        : isSeq(node) && itemAt(node as YAMLSeq, step);
    if (!next) return { node, rest: at.slice(i) };
    node = next;
  }
  return { node, rest: [] };
}

/** Behind what a node says: the range of a collection in the library takes in the blank lines and comments after it. */
export function endOf(text: string, node: Node): number {
  if (isCollection(node) && !node.flow) {
    const last = node.items.at(-1) as Pair<Node, Node | null> | Node | undefined;
    if (last && 'key' in last) return endOf(text, last.value?.range ? last.value : last.key);
    if (last) return endOf(text, last as Node);
  }
  // A block scalar's takes in its last line break.
  const end = node.range![1];
  return text[end - 1] === '\n' ? end - 1 : end;
}
