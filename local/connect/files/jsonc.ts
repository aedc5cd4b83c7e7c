import {
  createScanner,
  findNodeAtLocation,
  getNodeValue,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from 'jsonc-parser';
import {
  type At,
  DamagedFile,
  type Format,
  findItem,
  type Json,
  type Step,
  UneditableFile,
} from './format.ts';
import { indentAt, indented, isBlank, lineEnd, lineOf, lineStart, splice } from './text.ts';

/**
 * JSON, with comments and trailing commas where a client takes them. jsonc-parser finds the places; its own edits would
 * move or drop the comments beside them.
 */
export const jsonc: Format = {
  read: (text) => (isBlank(text) ? {} : (getNodeValue(parsed(text)) as Json)),

  set(text, at, value) {
    if (isBlank(text)) return `${JSON.stringify(nested(at, value), null, 2)}\n`;
    const root = parsed(text);
    const { node, rest } = deepest(root, at);
    if (rest.length === 0) {
      const put = indented(JSON.stringify(value, null, unitOf(text)), indentAt(text, node.offset));
      return splice(text, node.offset, node.offset + node.length, put);
    }
    const [step, ...deeper] = rest;
    const fits = typeof step === 'string' ? node.type === 'object' : node.type === 'array';
    if (!fits) throw new UneditableFile(`line ${lineOf(text, node.offset)}: there is a ${node.type} instead`);
    return insert(text, node, typeof step === 'string' ? step : undefined, nested(deeper, value));
  },

  remove(text, at) {
    const { node, rest } = deepest(parsed(text), at);
    if (rest.length > 0) return text;
    const child = node.parent?.type === 'property' ? node.parent : node;
    return child.parent ? takeOut(text, child.parent, child) : '{}\n';
  },

  range(text, at) {
    if (isBlank(text)) return undefined;
    const { node, rest } = deepest(parsed(text), at);
    return rest.length > 0 ? undefined : [node.offset, node.offset + node.length];
  },
};

function parsed(text: string): Node {
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true });
  const [first] = errors;
  if (first)
    throw new DamagedFile(lineOf(text, first.offset), `no JSON: ${printParseErrorCode(first.error)}`);
  if (root?.type !== 'object') throw new DamagedFile(1, 'no JSON object');
  return root;
}

/** The way into a tree as far as it exists, and what is left of it. */
function deepest(root: Node, at: At): { node: Node; rest: At } {
  let node = root;
  for (const [i, step] of at.entries()) {
    const next = findNodeAtLocation(node, [segment(node, step)]);
    if (!next) return { node, rest: at.slice(i) };
    node = next;
  }
  return { node, rest: [] };
}

const segment = (node: Node, step: Step): string | number =>
  typeof step === 'string' ? step : node.type === 'array' ? findItem(getNodeValue(node) as Json[], step) : -1;

const nested = (at: At, value: Json): Json =>
  at.reduceRight<Json>((inner, step) => (typeof step === 'string' ? { [step]: inner } : [inner]), value);

/** How far in a file goes at each step: as its first indented line does. */
const unitOf = (text: string): string => /^([ \t]+)\S/m.exec(text)?.[1] ?? '  ';

/** Puts a child behind the last one, in a line of its own if that has one. */
function insert(text: string, parent: Node, name: string | undefined, value: Json): string {
  const [close, last] = [parent.offset + parent.length - 1, parent.children?.at(-1)];
  const unit = unitOf(text);
  const base = indentAt(text, close);
  const indent = last ? indentAt(text, last.offset) : base + unit;
  const child = `${name === undefined ? '' : `${JSON.stringify(name)}: `}${indented(JSON.stringify(value, null, unit), indent)}`;
  if (!last && isBlank(text.slice(parent.offset + 1, close)))
    return splice(text, parent.offset + 1, close, `\n${indent}${child}\n${base}`);
  const comma = last && commaAfter(text, last.offset + last.length, close);
  const ownLine =
    isBlank(text.slice(lineStart(text, close), close)) && lineStart(text, close) > parent.offset;
  const trailing = comma === undefined ? '' : ',';
  const gap = /[ \t]*$/.exec(text.slice(0, close))?.[0].length ?? 0;
  const [where, put] = ownLine
    ? [lineStart(text, close), `${indent}${child}${trailing}\n`]
    : [close - gap, ` ${child}${trailing}`];
  const withChild = splice(text, where, where, put);
  return last && comma === undefined
    ? splice(withChild, last.offset + last.length, last.offset + last.length, ',')
    : withChild;
}

/** Takes a child out with its comma, and with its lines if nothing else stands on them. */
function takeOut(text: string, parent: Node, child: Node): string {
  const children = parent.children ?? [];
  const close = parent.offset + parent.length - 1;
  const own = commaAfter(text, child.offset + child.length, close);
  const before = children[children.indexOf(child) - 1];
  const end = own === undefined ? child.offset + child.length : own + 1;
  const [first, behind] = [lineStart(text, child.offset), lineEnd(text, end)];
  const alone = isBlank(text.slice(first, child.offset)) && isBlank(text.slice(end, behind));
  const gap = /[ \t]*$/.exec(text.slice(0, child.offset))?.[0].length ?? 0;
  const without = alone ? splice(text, first, behind, '') : splice(text, child.offset - gap, end, '');
  if (children.length === 1) return collapsed(without, parent.offset);
  const comma =
    own === undefined && before ? commaAfter(text, before.offset + before.length, close) : undefined;
  return comma === undefined ? without : splice(without, comma, comma + 1, '');
}

/** `{}` for an object in which there is nothing but white space. */
function collapsed(text: string, open: number): string {
  const close = open + 1 + (/^\s*/.exec(text.slice(open + 1))?.[0].length ?? 0);
  return /[\]}]/.test(text[close] ?? '') ? splice(text, open + 1, close, '') : text;
}

/** Where a comma stands, with nothing but white space and comments before it. */
function commaAfter(text: string, from: number, to: number): number | undefined {
  const scanner = createScanner(text.slice(from, to), true);
  scanner.scan();
  const at = from + scanner.getTokenOffset();
  return at < to && text[at] === ',' ? at : undefined;
}
