import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Entry, putIn, takeOut } from '../../../local/connect/files/change.ts';
import { DamagedFile, type Format, UneditableFile, valueAt } from '../../../local/connect/files/format.ts';
import { jsonc } from '../../../local/connect/files/jsonc.ts';
import { dotenv } from '../../../local/connect/files/lines.ts';
import { toml } from '../../../local/connect/files/toml.ts';
import { yaml } from '../../../local/connect/files/yaml.ts';

/** Comments of every length, with what would end a string or an object in them. */
const words = fc.constantFrom(
  'KEEP me',
  'KEEP a: b',
  'KEEP { "x": [',
  'KEEP = "y"',
  'KEEP # really',
  'KEEP // no',
);
const name = fc.constantFrom('theme', 'model', 'a', 'b', 'c', 'list', 'keys');
const scalar = fc.oneof(fc.constantFrom('x', 'a # b', "it's", 'ü, "q"'), fc.integer(), fc.boolean());

/** An object as people write it: comments before and behind members, members in one line or several. */
const jsonMember = fc
  .record({
    scalar,
    above: fc.option(words),
    behind: fc.option(words),
    block: fc.boolean(),
    nested: fc.boolean(),
  })
  .map(({ scalar: value, above, behind, block, nested }) => ({
    above: above === null ? [] : [block ? `/* ${above.replaceAll('*/', '')} */` : `// ${above}`],
    value: nested ? `{ "in": ${JSON.stringify(value)}, "list": [1,   2] }` : JSON.stringify(value),
    behind: behind === null ? '' : ` // ${behind}`,
  }));
const jsonText = fc
  .record({
    members: fc.uniqueArray(fc.tuple(name, jsonMember), {
      selector: ([key]) => key,
      minLength: 1,
      maxLength: 5,
    }),
    indent: fc.constantFrom('  ', '    ', '\t'),
    trailing: fc.boolean(),
    tail: fc.option(words),
    header: fc.option(words),
  })
  .map(({ members, indent, trailing, tail, header }) => {
    const lines = members.flatMap(([key, { above, value, behind }], i) => [
      ...above.map((line) => indent + line),
      `${indent}"${key}": ${value}${i < members.length - 1 || trailing ? ',' : ''}${behind}`,
    ]);
    const [first, last] = [
      header === null ? [] : [`// ${header}`],
      tail === null ? [] : [`${indent}// ${tail}`],
    ];
    return [...first, '{', ...lines, ...last, '}', ''].join('\n');
  });

const tomlText = fc
  .record({
    pairs: fc.uniqueArray(fc.tuple(name, scalar, fc.option(words), fc.option(words)), {
      selector: ([key]) => key,
    }),
    tables: fc.uniqueArray(fc.tuple(name, scalar, fc.option(words), fc.option(words)), {
      selector: ([key]) => key,
    }),
    header: fc.option(words),
  })
  .map(({ pairs, tables, header }) => {
    const comment = (text: string | null, before = '') => (text === null ? [] : [`${before}# ${text}`]);
    const top = pairs.flatMap(([key, value, above, behind]) => [
      ...comment(above),
      `${key}   =  ${JSON.stringify(value)}${comment(behind, '  ').join('')}`,
    ]);
    const below = tables.flatMap(([key, value, above, behind]) => [
      '',
      ...comment(above),
      `[t_${key}.x]${comment(behind, ' ').join('')}`,
      `v = ${JSON.stringify(value)}`,
    ]);
    const lines = [...comment(header), ...(header === null ? [] : ['']), ...top, ...below];
    return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
  });

const yamlScalar = fc.constantFrom(
  'x',
  '1',
  'true',
  '"a # b"',
  "'it''s'",
  '{ a: 1 }',
  '[1,   2]',
  '|\n  two\n  lines',
  '~',
);
const yamlText = fc
  .record({
    pairs: fc.uniqueArray(fc.tuple(name, yamlScalar, fc.option(words), fc.boolean()), {
      selector: ([key]) => key,
    }),
    models: fc.option(fc.array(fc.tuple(name, fc.option(words)), { minLength: 1, maxLength: 3 })),
    header: fc.option(words),
    deep: fc.boolean(),
  })
  .map(({ pairs, models, header, deep }) => {
    const comment = (text: string | null, before: string) => (text === null ? [] : [`${before}# ${text}`]);
    const top = pairs.flatMap(([key, value, above, blank]) => [
      ...(blank ? [''] : []),
      ...comment(above, ''),
      `${key}: ${value}`,
    ]);
    const indent = deep ? '  ' : '';
    const items = models?.flatMap(([item, above]) => [
      ...comment(above, `${indent}`),
      `${indent}- name: ${item}   # of mine`,
      `${indent}  model: "m"`,
    ]);
    const lines = [...comment(header, ''), ...(items ? ['models:', ...items] : []), ...top];
    return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
  });

const envText = fc
  .array(
    fc.oneof(
      words.map((word) => `# ${word}`),
      fc.constantFrom('', 'FOO=1', "export BAR='x y'", 'OPENAI_API_KEY=old'),
    ),
  )
  .map((lines) => lines.map((line) => `${line}\n`).join(''));

const provider: Entry = {
  at: ['provider', 'bedrock-gateway'],
  value: { npm: '@ai-sdk/anthropic', models: { 'a.b:0': {} }, list: ['x'] },
};
const cases: [string, Format, fc.Arbitrary<string>, Entry[]][] = [
  ['JSON with comments', jsonc, jsonText, [provider, { at: ['model'], value: 'x/y' }]],
  [
    'a list in JSON',
    jsonc,
    jsonText,
    [{ at: ['models', { item: { name: 'ours' } }], value: { name: 'ours' } }],
  ],
  [
    'TOML',
    toml,
    tomlText,
    [
      { at: ['model'], value: 'a"b' },
      { at: ['model_provider'], value: 'p' },
      { at: ['model_providers', 'bedrock-gateway'], value: { name: 'Bedrock Gateway', n: 1 } },
    ],
  ],
  [
    'YAML',
    yaml,
    yamlText,
    [
      {
        at: ['models', { item: { name: 'ours' } }],
        value: { name: 'ours', roles: ['chat', 'edit'], x: { y: 'z' } },
      },
      { at: ['openai-api-base'], value: 'http://a/v1' },
      { at: ['theme'], value: 'a: b' },
    ],
  ],
  [
    '.env',
    dotenv,
    envText,
    [
      { at: ['OPENAI_API_KEY'], value: 'sk-1' },
      { at: ['NEW_NAME'], value: 'a b' },
    ],
  ],
];

describe.each(cases)('%s', (_, format, texts, entries) => {
  const text = fc.oneof(
    { weight: 20, arbitrary: texts },
    { weight: 1, arbitrary: fc.constantFrom('', '\n') },
  );

  /** Some values cannot be put in without touching others, as a list in one line: then nothing is touched. */
  const put = (start: string) => {
    try {
      return entries.reduce(
        ({ text: now, done }, entry) => {
          const next = putIn(format, now, entry);
          return { text: next.text, done: [...done, next.done] };
        },
        { text: start, done: [] as ReturnType<typeof putIn>['done'][] },
      );
    } catch (error) {
      if (error instanceof UneditableFile) return undefined;
      throw error;
    }
  };

  test('what is put in is there, and every line of before that it does not replace', () => {
    fc.assert(
      fc.property(text, (before) => {
        const after = put(before);
        if (!after) return;
        for (const { at, value } of entries) expect(valueAt(format.read(after.text), at)).toEqual(value);
        const comments = (all: string) => all.match(/KEEP.*$/gm);
        expect(comments(after.text)).toEqual(comments(before));
      }),
      { numRuns: 60 },
    );
  });

  test('put in twice is put in once', () => {
    fc.assert(
      fc.property(text, (before) => {
        const [once, twice] = [put(before), put(put(before)?.text ?? before)];
        expect(twice?.text).toBe(once?.text);
      }),
      { numRuns: 40 },
    );
  });

  test('taken out, the text is what it was, to the byte', () => {
    fc.assert(
      fc.property(text, (before) => {
        const after = put(before);
        if (!after) return;
        const back = after.done.reduceRight((now, done) => takeOut(format, now, done).text, after.text);
        // An object or a list stays where there was nothing at all; the file goes then, if it was not there.
        expect(before.trim() === '' ? back.replace(/[[\]{}]/g, '').trim() : back).toBe(
          before.trim() === '' ? '' : before,
        );
      }),
      { numRuns: 80 },
    );
  });
});

describe('a damaged file is named by its line', () => {
  test.each<[string, Format, string, number]>([
    ['JSON', jsonc, '{\n  "a": 1\n  "b": 2\n}', 3],
    ['JSON that stops', jsonc, '{\n  "a": {\n', 3],
    ['JSON that is a list', jsonc, '[]', 1],
    ['TOML', toml, 'a = 1\nb == 2\nc = 2\n', 2],
    ['TOML with a name twice', toml, 'a = 1\na = 2\n', 2],
    ['YAML', yaml, 'a: 1\nb: [1\nc: 2\n', 3],
    ['YAML with a tab', yaml, 'a:\n\tb: 1\n', 2],
  ])('%s', (_, format, text, line) => {
    expect(() => format.read(text)).toThrow(DamagedFile);
    expect(() => format.read(text)).toThrow(new RegExp(`^line ${line}: no `));
  });
});
