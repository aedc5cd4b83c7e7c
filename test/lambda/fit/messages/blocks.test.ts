import { describe, expect, test } from 'vitest';
import { toolChanges } from '../../../../lambda/canonical/tool-changes.ts';
import type { Json } from '../../../../lambda/canonical/types.ts';
import { fitBlocks } from '../../../../lambda/fit/messages/blocks.ts';
import type { Block, Claude, NativeDraft, Turn } from '../../../../lambda/fit/messages/draft.ts';
import { flags } from '../../../../lambda/fit/messages/members.ts';
import { able } from '../../../support/capabilities.ts';

const claude = (
  betas: readonly string[] = [],
  typedTools: readonly string[] = [],
  more: Partial<Claude> = {},
): Claude => ({ ...able(more), messages: { betas: [...betas], typedTools: [...typedTools] } });

function fitted(messages: Turn[], capabilities: Claude) {
  const draft: NativeDraft = {
    body: {},
    messages,
    system: undefined,
    tools: [],
    betas: [],
    settings: {},
    cacheMode: undefined,
    changes: toolChanges(messages),
    model: 'm',
    warnings: [],
    ignored: [],
  };
  fitBlocks(draft, capabilities);
  return { messages: draft.messages, warnings: draft.warnings.map(String) };
}
const turn = (...content: Block[]): Turn => ({ role: 'user', content });
const said = (...content: Block[]): Turn => ({ role: 'assistant', content });
const instruction = (...content: Block[]): Turn => ({ role: 'system', content });
const text: Block = { type: 'text', text: 'Hi' };

describe('kinds of blocks that not every model knows', () => {
  const search: Block = { type: 'server_tool_use', id: 's1', name: 'tool_search_tool_regex', input: {} };
  const found: Block = { type: 'tool_search_tool_result', tool_use_id: 's1', content: {} };

  test.each<[what: string, turns: Turn[], flag: string]>([
    ['the search among deferred tools', [turn(text), said(search, found)], flags.toolSearch],
    ['a compaction', [said({ type: 'compaction', content: 'x' }, text)], flags.compact],
    ['a compaction by an edit', [said({ type: 'compaction', content: 'x' }, text)], flags.compactEdit],
  ])('%s stays for a model that takes it and is left out for another', (_, turns, flag) => {
    expect(fitted(turns, claude([flag]))).toEqual({ messages: turns, warnings: [] });
    const { messages, warnings } = fitted(turns, claude());
    expect(messages).toEqual(
      turns.map((each) => ({
        ...each,
        content: (each.content as Block[]).filter(({ type }) => type === 'text'),
      })),
    );
    expect(warnings).toEqual([expect.stringMatching(/^[12] content block\(s\) of kinds/)]);
  });

  test.each<[what: string, turns: Turn[]]>([
    ['a search whose result is not there', [said(text, search), { role: 'user', content: 'Go on' }]],
    ['a call of another server’s tool', [said(found, text, { ...search, name: 'web_search' })]],
    ['a result that names no call', [said(text, { ...found, tool_use_id: null })]],
    ['a file in an instruction', [instruction(text, { type: 'image', source: {} })]],
    ['a kind that nobody knows', [turn(text, { type: 'from_the_future' })]],
    ['a name that every object has', [turn(text, { type: 'constructor' })]],
    ['no kind', [turn(text, {})]],
    ['a kind that is no text', [turn(text, { type: 7 })]],
  ])('%s is left out and counted', (_, turns) => {
    const { messages, warnings } = fitted(turns, claude([flags.toolSearch, flags.toolChanges]));
    expect(messages[0]?.content).toContainEqual(text);
    expect(messages[0]?.content).toHaveLength((turns[0]?.content.length ?? 0) - 1);
    expect(warnings).toEqual(['1 content block(s) of kinds that this model does not know left out']);
  });
});

describe('changes of the tools', () => {
  const tool = { type: 'tool_reference', name: 'a' };
  const definition = { name: 'a', input_schema: { type: 'object' } };
  const defined = { type: 'tool_definition', definition };

  test.each<[what: string, block: Block, stays: string[]]>([
    ['added', { type: 'tool_addition', tool }, [flags.toolChanges, flags.inlineTools]],
    ['removed', { type: 'tool_removal', tool }, [flags.toolChanges, flags.inlineTools]],
    ['defined', { type: 'tool_addition', tool: defined }, [flags.inlineTools]],
    ['removed by a definition', { type: 'tool_removal', tool: defined }, []],
    ['defined without an addition', { ...defined }, []],
    ['added without a name', { type: 'tool_addition', tool: { type: 'tool_reference' } }, []],
    ['added in another form', { type: 'tool_addition', name: 'a' }, []],
  ])(
    'a tool that is %s stays for models that take it, and nobody is told where it goes',
    (_, block, stays) => {
      for (const flag of [flags.toolChanges, flags.inlineTools]) {
        const { messages, warnings } = fitted([instruction(text, block)], claude([flag]));
        expect(messages).toEqual([instruction(text, ...(stays.includes(flag) ? [block] : []))]);
        expect(warnings).toEqual([]);
        expect(fitted([turn(text, block)], claude([flag]))).toEqual({ messages: [turn(text)], warnings: [] });
      }
    },
  );
});

describe('reasoning', () => {
  const signed: Block = { type: 'thinking', thinking: 'Hm', signature: 's' };
  const redacted: Block = { type: 'redacted_thinking', data: 'QUJD' };

  test.each<[what: string, block: Block, reasoningReplay: boolean, stays: boolean]>([
    ['signed', signed, true, true],
    ['sealed', redacted, true, true],
    ['without a signature', { type: 'thinking', thinking: 'Hm' }, true, false],
    ['with an empty signature', { ...signed, signature: '' }, true, false],
    ['with a signature that is none', { ...signed, signature: 7 }, true, false],
    ['signed, for a model that cannot check it', signed, false, false],
    ['sealed, for a model that cannot check it', redacted, false, false],
  ])('%s: nobody is told', (_, block, reasoningReplay, stays) => {
    expect(fitted([said(block, text)], claude([], [], { reasoningReplay }))).toEqual({
      messages: [said(...(stays ? [block] : []), text)],
      warnings: [],
    });
  });
});

describe('the result of a call', () => {
  const result = (content: Json | undefined): Block => ({
    type: 'tool_result',
    tool_use_id: 't1',
    ...(content !== undefined && { content }),
  });
  const state: Block = { type: 'browser_state', url: 'a' };
  const image: Block = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'QUJD' } };
  const browses = claude([], ['browser_toolset_20260801']);

  test.each<[what: string, content: Json | undefined, capabilities: Claude, expected: Json | undefined]>([
    ['a text as it is', 'done', claude(), 'done'],
    ['none', undefined, claude(), undefined],
    ['parts of known kinds', [text, image], claude(), [text, image]],
    ['without what is no part', [text, 'x', null, { type: 'from_the_future' }], claude(), [text]],
    ['the state of a browser', [text, state], browses, [text, state]],
    ['without the state of a browser', [text, state], claude(), [text]],
  ])('has %s', (_, content, capabilities, expected) => {
    const turns = [turn(result(content))];
    const { messages } = fitted(turns, capabilities);
    expect(messages).toEqual([turn(result(expected))]);
    if (content === expected) expect(messages[0]).toBe(turns[0]);
  });
});

/** docs/messages.md: files uploaded to Anthropic are a 400. */
const inDocument = (...content: Block[]): Block => ({
  type: 'document',
  source: { type: 'content', content },
});

describe('what stands elsewhere is refused', () => {
  const file = (type: string, source: string): Block => ({
    type,
    source: { type: source, file_id: 'file_1', url: 'https://a.example/x' },
  });

  test.each<[what: string, block: Block, source: string]>([
    ['an uploaded image', file('image', 'file'), 'file'],
    ['an uploaded document', file('document', 'file'), 'file'],
    ['an image at a URL', file('image', 'url'), 'url'],
    ['an image of a document of blocks', inDocument(file('image', 'file')), 'file'],
    ['a document in a result', { type: 'tool_result', content: [file('document', 'file')] }, 'file'],
    ['an image in a result', { type: 'tool_result', content: [file('image', 'url')] }, 'url'],
  ])('%s', (_, block, source) => {
    expect(() => fitted([turn(block)], claude())).toThrow(
      expect.objectContaining({
        status: 400,
        message: expect.stringContaining(`A source of type ${source} cannot be read`),
      }),
    );
  });

  test.each<[what: string, source: Block | null]>([
    ['text', { type: 'text', media_type: 'text/plain', data: 'Hi' }],
    ['nothing', null],
  ])('and a document of %s is not', (_, source) => {
    const document: Block = { type: 'document', source };
    expect(fitted([turn(document)], claude()).messages).toEqual([turn(document)]);
  });
});
