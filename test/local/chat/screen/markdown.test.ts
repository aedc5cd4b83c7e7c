import { stripVTControlCharacters } from 'node:util';
import { Terminal } from '@xterm/headless';
import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import { cleanText } from '../../../../local/chat/screen/clean-text.ts';
import { MarkdownStream } from '../../../../local/chat/screen/markdown-stream.ts';

const columns = 40;
const rows = 12;

/** What a terminal shows at the end, with all that has left its screen above. */
async function shown(pieces: readonly string[]): Promise<string> {
  const terminal = new Terminal({
    cols: columns,
    rows,
    scrollback: 5000,
    allowProposedApi: true,
    convertEol: true,
  });
  let raw = '';
  // Each piece is drawn by itself.
  const stream = new MarkdownStream(
    { isTTY: true, columns, rows, write: (text) => (raw += text) },
    undefined,
    0,
  );
  for (const piece of pieces) stream.push(piece);
  stream.end();
  await new Promise<void>((resolve) => terminal.write(raw, resolve));
  const { active } = terminal.buffer;
  return Array.from({ length: active.length }, (_, i) => active.getLine(i)?.translateToString(true) ?? '')
    .join('\n')
    .trimEnd();
}

test.each([
  ['a heading', '# One\n\n## Two', 'One\n\nTwo'],
  ['emphasis', 'a *b* **c** ~~d~~ `e` &amp; \\*f\\*', 'a b c d e & *f*'],
  ['a link', '[here](http://x.y) <http://z.y>', 'here (http://x.y) http://z.y'],
  ['lists', '- a\n- b\n  1. c\n  2. d\n- [x] e\n- [ ] f', '• a\n• b\n  1. c\n  2. d\n• ☑ e\n• ☐ f'],
  ['a list that begins at 7', '7. a\n8. b', '7. a\n8. b'],
  ['an item of two paragraphs', '1. a\n\n   b\n\n2. c', '1. a\n\n   b\n\n2. c'],
  ['a quotation', '> a\n> b\n>\n> c', '│ a\n│ b\n│ \n│ c'],
  ['a rule', 'a\n\n---\n\nb', `a\n\n${'─'.repeat(39)}\n\nb`],
  ['code', '```ts\nconst a = 1;\n\tb();\n```', '  ts\n  const a = 1;\n      b();'],
  ['code without a language', '```\na  b\n```', '  a  b'],
  ['a table', '| a | n |\n|---|--:|\n| x | 10 |\n| long | 2 |', 'a    │  n\n─────┼───\nx    │ 10\nlong │  2'],
  [
    'a wide table',
    `| a | b |\n|---|---|\n| ${'x '.repeat(30)}| y |`,
    /^a +│ b\n─+┼──\nx[x ]+ │ y\n(x[x ]*│\n?)+$/,
  ],
  ['long words', 'x'.repeat(80), `${'x'.repeat(39)}\n${'x'.repeat(39)}\nxx`],
  ['wide characters', '漢字'.repeat(15), `${'漢字'.repeat(9)}漢\n${'字漢'.repeat(5)}字`],
  ['HTML, as it is', 'a <b>c</b>', 'a <b>c</b>'],
])('%s', async (_, markdown, expected) => {
  const screen = await shown([markdown]);
  if (typeof expected === 'string') expect(screen).toBe(expected);
  else expect(screen).toMatch(expected);
});

describe('while it streams', () => {
  const document = [
    '# Title\n\nSome *text* that is longer than one line of this small terminal.\n\n',
    '- one\n- two\n  - nested\n\n',
    `\`\`\`js\n${Array.from({ length: 30 }, (_, i) => `const line${i} = ${i};`).join('\n')}\n\`\`\`\n\n`,
    '| a | b |\n|---|---|\n| 1 | 2 |\n\n> quoted\n\nThe end.\n',
  ].join('');

  test('a long document ends as one that came at once, whatever pieces it comes in', async () => {
    const whole = await shown([document]);
    const sizes = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(sizes, async (each) => {
        const pieces: string[] = [];
        for (let at = 0, i = 0; at < document.length; i += 1) {
          const size = each[i % each.length] ?? 1;
          pieces.push(document.slice(at, at + size));
          at += size;
        }
        expect(await shown(pieces)).toBe(whole);
      }),
      { numRuns: 25 },
    );
  });
});

test('nothing that a terminal acts on gets through, whatever a model says', async () => {
  const say = (text: string) => {
    let raw = '';
    const stream = new MarkdownStream({ isTTY: true, columns, rows, write: (each) => (raw += each) });
    stream.push(text);
    stream.end();
    return raw;
  };
  expect(say('\x1b]52;c;ZXZpbA==\x07 \x1b[2J \x9b31m')).toBe(
    ']52;c;ZXZpbA== [2J 31m\r\x1b[J]52;c;ZXZpbA== [2J 31m\n',
  );
  await fc.assert(
    fc.property(
      fc.string({
        unit: fc.constantFrom(
          '\x1b',
          ']',
          '[',
          '\x07',
          '\x9b',
          '\r',
          'a',
          '*',
          '`',
          '\n',
          '8',
          ';',
          '\u202e',
        ),
      }),
      (text) => {
        // Colours and the drawing of lines are the renderer's own.
        const left = stripVTControlCharacters(say(text)).replaceAll('\n', '').replaceAll('\r', '');
        expect(cleanText(left)).toBe(left);
      },
    ),
  );
  expect(cleanText('a\r\nb\tc\x00\u2066d')).toBe('a\nb\tcd');
});

describe('whatever a model writes, and however narrow the terminal', () => {
  /** What is drawn, line by line, with the widest of them. */
  function drawn(text: string, width: number | undefined) {
    let raw = '';
    const write = (each: string) => (raw += each);
    const stream = new MarkdownStream({ isTTY: true, write, ...(width !== undefined && { columns: width }) });
    stream.push(text);
    stream.end();
    const lines = stripVTControlCharacters(raw).split(/[\n\r]/);
    return { lines, widest: Math.max(...lines.map((line) => stringWidth(line))) };
  }
  const nested = (mark: string, depth: number, inner: string) =>
    Array.from({ length: depth }, (_, i) => `${mark.repeat(i)}- x`).join('\n') +
    `\n\n${mark.repeat(depth)}${inner}`;

  test.each([
    ['a rule in many quotations', `${'> '.repeat(60)}a\n${'> '.repeat(60)}---`, 80],
    ['code in many lists', nested('  ', 60, '```\nconst a = 1;\n```'), 80],
    ['a table in many lists', nested('  ', 40, '| a | b |\n  |---|---|\n  | c | d |'), 60],
    [
      'a table of many columns',
      `|${' a |'.repeat(40)}\n|${'---|'.repeat(40)}\n|${' value |'.repeat(40)}`,
      80,
    ],
    ['tabs', 'name\tvalue\t'.repeat(20), 80],
    ['wide characters in a narrow terminal', `| 漢字 | 字 |\n|---|---|\n| 漢 | 👩‍👩‍👧 |\n\n> - 漢字`, 4],
    ['deeper than can be followed', `${'>'.repeat(5000)} x`, 80],
  ])('%s: no line is wider than the screen', (_, text, width) => {
    expect(drawn(text, width).widest).toBeLessThan(width);
  });

  test('a terminal that says it has no columns is taken for a usual one', () => {
    expect(drawn('a\n\n---', 0).widest).toBe(79);
    expect(drawn('a\n\n---', undefined).widest).toBe(79);
  });

  test('any blocks at any width', () => {
    const piece = fc.constantFrom(
      '> ',
      '- ',
      '1. ',
      '  ',
      '\t',
      '---\n',
      '```\n',
      '| a | 漢字 |\n',
      '|--|--|\n',
      'word ',
      '漢字',
      '\n',
      '# ',
      '**',
      '👍🏽',
      'x'.repeat(30),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), fc.integer({ min: 3, max: 50 }), (pieces, width) => {
        expect(drawn(pieces.join(''), width).widest).toBeLessThan(width);
      }),
      { numRuns: 60 },
    );
  });

  test('what takes long to draw is drawn less often, so that keys are heard', () => {
    let writes = 0;
    const write = () => {
      writes += 1;
      for (const until = performance.now() + 50; performance.now() < until; );
    };
    const stream = new MarkdownStream({ isTTY: true, columns, rows, write });
    for (let i = 0; i < 10; i += 1) stream.push(`- item ${i}\n`);
    expect(writes).toBe(1);
    stream.end();
  });
});
