import { refractor } from 'refractor';
import { styled } from './style.ts';

/** Characters: while it streams, a block is highlighted anew with each drawing. */
const mostCharacters = 20_000;

/** Code in colours, where its language is known. */
export function highlight(code: string, language: string): string {
  if (!refractor.registered(language) || code.length > mostCharacters) return code;
  return painted(refractor.highlight(code, language).children, undefined);
}

type Node = ReturnType<typeof refractor.highlight>['children'][number];
type Colour = Parameters<typeof styled>[0];

function painted(nodes: readonly Node[], colour: Colour | undefined): string {
  return nodes
    .map((node) => {
      if (node.type === 'text') return colour ? byLine(node.value, colour) : node.value;
      if (node.type !== 'element') return '';
      const { className } = node.properties;
      const names = Array.isArray(className) ? className.map(String) : [];
      const own = names.map((name) => colours[name]).find(Boolean);
      return painted(node.children, own ?? colour);
    })
    .join('');
}

/** Each line by itself, because lines are drawn one by one. */
const byLine = (text: string, colour: Colour): string =>
  text
    .split('\n')
    .map((line) => styled(colour, line))
    .join('\n');

/** By Prism's names: https://prismjs.com/tokens.html */
const colours: Record<string, Colour> = {
  keyword: 'magenta',
  atrule: 'magenta',
  important: 'magenta',
  builtin: 'cyan',
  property: 'cyan',
  variable: 'cyan',
  symbol: 'cyan',
  'attr-name': 'cyan',
  'class-name': 'yellow',
  boolean: 'yellow',
  constant: 'yellow',
  number: 'yellow',
  string: 'green',
  char: 'green',
  'attr-value': 'green',
  regex: 'green',
  url: 'green',
  inserted: 'green',
  deleted: 'red',
  comment: 'dim',
  prolog: 'dim',
  doctype: 'dim',
  function: 'blue',
  tag: 'blue',
  selector: 'blue',
};
