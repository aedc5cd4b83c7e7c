import { expect, test } from 'vitest';
import { toolChanges } from '../../../lambda/canonical/tool-changes.ts';

const named = (name: string) => ({ type: 'tool_reference', name });
const add = (name: string) => ({ type: 'tool_addition', tool: named(name) });
const remove = (name: string) => ({ type: 'tool_removal', tool: named(name) });
const define = (name: string, description = '') => ({
  type: 'tool_addition',
  tool: { type: 'tool_definition', definition: { name, description } },
});

const cases: [
  what: string,
  blocks: object[],
  { added?: string[]; removed?: string[]; defined?: string[]; found?: string[]; count: number },
][] = [
  ['nothing', [{ type: 'text', text: 'tool_addition' }], { count: 0 }],
  ['an addition', [add('a')], { added: ['a'], count: 1 }],
  ['a removal', [remove('a')], { removed: ['a'], count: 1 }],
  ['a removal after an addition', [add('a'), remove('a')], { added: ['a'], removed: ['a'], count: 2 }],
  ['an addition after a removal', [remove('a'), add('a')], { added: ['a'], count: 2 }],
  ['a definition', [define('a')], { defined: ['a:'], count: 1 }],
  ['a definition after a removal', [remove('a'), define('a')], { defined: ['a:'], count: 2 }],
  ['a second definition', [define('a', 'old'), define('a', 'new')], { defined: ['a:new'], count: 2 }],
  [
    'a definition as a block of its own',
    [{ type: 'tool_definition', tool: { name: 'a', description: 'x' } }],
    { defined: ['a:x'], count: 1 },
  ],
  [
    'the same with its members in it',
    [{ type: 'tool_definition', name: 'a', description: 'x' }],
    { defined: ['a:x'], count: 1 },
  ],
  [
    'a tool of an MCP server',
    [{ type: 'tool_removal', tool: { type: 'mcp_tool_reference', server_name: 's', name: 'a' } }],
    { count: 1 },
  ],
  ['no tool', [{ type: 'tool_addition' }, { type: 'tool_removal', tool: 'a' }], { count: 2 }],
  [
    'what a search has found',
    [{ type: 'tool_result', content: [{ type: 'tool_reference', tool_name: 'a' }] }],
    { found: ['a'], count: 0 },
  ],
  [
    'what a summary stands for',
    [{ type: 'compaction', content: 'x', tool_changes: [add('a'), remove('b'), { type: 'text' }] }],
    { added: ['a'], removed: ['b'], count: 2 },
  ],
];

test.each(cases)('%s', (_, blocks, { added = [], removed = [], defined = [], found = [], count }) => {
  // Whether in one turn or in several.
  for (const turns of [[{ content: blocks }], blocks.map((block) => ({ content: [block] }))]) {
    const changes = toolChanges(turns);
    const definitions = [...changes.definitions].map(([name, { description }]) => `${name}:${description}`);
    expect([...changes.added]).toEqual(added);
    expect([...changes.removed]).toEqual(removed);
    expect([...changes.found]).toEqual(found);
    expect(definitions).toEqual(defined);
    expect(changes.count).toBe(count);
  }
});

test('a text has no blocks', () => {
  expect(toolChanges([{ content: 'tool_addition' }]).count).toBe(0);
});
