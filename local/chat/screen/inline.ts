import type { Token, Tokens } from 'marked';
import { dim, styled } from './style.ts';

/** What stands within a line of Markdown, for a terminal. */
export function inline(tokens: readonly Token[] = []): string {
  return tokens.map(piece).join('');
}

function piece(token: Token): string {
  switch (token.type) {
    case 'strong':
      return styled('bold', inline(token.tokens));
    case 'em':
      return styled('italic', inline(token.tokens));
    case 'del':
      return styled('strikethrough', inline(token.tokens));
    case 'codespan':
      return styled('cyan', decoded(token.text));
    case 'br':
      return '\n';
    case 'link':
      return link(token as Tokens.Link);
    case 'image':
      return dim(`[image: ${token.text || token.href}]`);
    case 'escape':
      return token.text;
    case 'text':
      return 'tokens' in token && token.tokens ? inline(token.tokens) : decoded(token.text);
    default:
      return decoded(token.raw);
  }
}

function link({ href, text, tokens }: Tokens.Link): string {
  const shown = styled('underline', inline(tokens));
  return text === href || `mailto:${text}` === href ? shown : `${shown} ${dim(`(${href})`)}`;
}

const entities: Record<string, string> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  '#39': "'",
  nbsp: '\u00a0',
};

/** The entities that models write; any other stays as it is. */
const decoded = (text: string): string =>
  text.replace(/&(amp|lt|gt|quot|#39|nbsp);/g, (_, name: string) => entities[name] ?? '');
