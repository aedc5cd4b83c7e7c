/**
 * The text of an HTML page, for models: without scripts, styles, navigation and head, with a line for each block, list
 * entry, heading and row. One pass over the tags and no tree, so that no nesting costs more than its length.
 */
export function htmlText(html: string): string {
  let out = '';
  let at = 0;
  while (at < html.length) {
    const open = html.indexOf('<', at);
    if (open < 0) return tidy(out + decoded(html.slice(at)));
    out += decoded(html.slice(at, open));
    if (html.startsWith('<!--', open)) {
      at = behind(html, '-->', open + 4);
      continue;
    }
    const [tag = '', slash = '', given = ''] = tagAt(html, open);
    if (given === '') {
      const isDeclaration = html[open + 1] === '!' || html[open + 1] === '?';
      out += isDeclaration ? '' : '<';
      at = isDeclaration ? behind(html, '>', open) : open + 1;
      continue;
    }
    const name = given.toLowerCase();
    at = behind(html, '>', open + tag.length);
    if (slash === '' && skipped.has(name)) at = endOf(html, name, at);
    else out += markOf(name, slash !== '');
  }
  return tidy(out);
}

const tagPattern = /<(\/?)([a-zA-Z][a-zA-Z0-9-]{0,40})/y;

function tagAt(html: string, at: number): RegExpExecArray | [] {
  tagPattern.lastIndex = at;
  return tagPattern.exec(html) ?? [];
}

const skipped: ReadonlySet<string> = new Set([
  'script',
  'style',
  'nav',
  'head',
  'noscript',
  'template',
  'svg',
  'iframe',
]);
const blocks: ReadonlySet<string> = new Set(
  'address article aside blockquote br dd details div dl dt figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr li main ol p pre section summary table tbody tfoot thead title tr ul'.split(
    ' ',
  ),
);

function markOf(name: string, isEnd: boolean): string {
  if (name === 'td' || name === 'th') return isEnd ? ' | ' : '';
  if (name === 'li' && !isEnd) return '\n- ';
  if (/^h[1-6]$/.test(name) && !isEnd) return `\n\n${'#'.repeat(Number(name[1]))} `;
  return blocks.has(name) ? '\n' : '';
}

/** Behind the end tag of what is skipped; what is never closed reaches to the end. */
function endOf(html: string, name: string, from: number): number {
  const end = new RegExp(`</${name}\\b`, 'gi');
  end.lastIndex = from;
  const found = end.exec(html);
  return found ? behind(html, '>', found.index) : html.length;
}

function behind(html: string, mark: string, from: number): number {
  const found = html.indexOf(mark, from);
  return found < 0 ? html.length : found + mark.length;
}

const named: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  ndash: '–',
  mdash: '—',
  hellip: '…',
  lsquo: '‘',
  rsquo: '’',
  ldquo: '“',
  rdquo: '”',
  laquo: '«',
  raquo: '»',
  bull: '•',
  middot: '·',
  times: '×',
  euro: '€',
  copy: '©',
};

const decoded = (text: string): string =>
  text.replace(/&(#x[0-9a-f]{1,6}|#\d{1,7}|[a-z]{2,8});/gi, (found, entity: string) => {
    if (!entity.startsWith('#')) return named[entity.toLowerCase()] ?? found;
    const code = /^#x/i.test(entity) ? Number.parseInt(entity.slice(2), 16) : Number(entity.slice(1));
    const isCharacter = code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
    return isCharacter ? String.fromCodePoint(code) : '';
  });

const tidy = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.replace(/[^\S\n]+/g, ' ').trim())
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
