import { expect, test } from 'vitest';
import type { JsonObject } from '../../../../lambda/canonical/types.ts';
import { nativeEngine } from '../../../support/native-engine.ts';

const sonnet = 'anthropic.claude-sonnet-5-5';
const search = 'tool-search-tool-2025-10-19';
const once = (message: string) => (_: JsonObject, nth: number) => (nth === 1 ? message : undefined);

const schema = { type: 'object', properties: {} };
const deferring: JsonObject = {
  max_tokens: 100,
  messages: [
    { role: 'user', content: 'look' },
    { role: 'assistant', content: [{ type: 'tool_use', id: 'c1', name: 'ToolSearch', input: {} }] },
    {
      role: 'user',
      content: [
        {
          type: 'tool_result',
          tool_use_id: 'c1',
          content: [{ type: 'tool_reference', tool_name: 'mcp__a' }],
        },
        { type: 'text', text: 'Tool loaded.' },
      ],
    },
  ],
  tools: [
    { name: 'ToolSearch', input_schema: schema },
    { name: 'mcp__a', input_schema: schema, defer_loading: true },
    { name: 'DeferredToolPlaceholder', input_schema: schema, defer_loading: true },
  ],
};

test('M12: deferred tools are loaded where the model has no search, and for all who ask later', async () => {
  const { ask, sent } = nativeEngine(
    sonnet,
    once('tools.1.custom.defer_loading: Extra inputs are not permitted'),
  );
  const { warnings } = await ask(deferring, ['advanced-tool-use-2025-11-20']);
  expect(warnings.join()).toContain('left out');
  expect(sent[0]?.anthropic_beta).toEqual([search]);
  expect(sent[1]?.anthropic_beta).toBeUndefined();
  expect(sent[1]?.tools).toEqual([
    { name: 'ToolSearch', input_schema: schema },
    { name: 'mcp__a', input_schema: schema },
  ]);
  expect(JSON.stringify(sent[1]?.messages)).toContain('The tool mcp__a is now available.');
  await ask(deferring, ['advanced-tool-use-2025-11-20']);
  expect(sent[2]).toEqual(sent[1]);
});

test('M66: first the flags go that no member needs, then all of them with their members', async () => {
  const asked = ['interleaved-thinking-2025-05-14', 'advanced-tool-use-2025-11-20'];
  const { ask, sent } = nativeEngine(sonnet, (_, nth) => (nth < 3 ? 'invalid beta flag' : undefined));
  await ask(deferring, asked);
  expect(sent.map(({ anthropic_beta }) => anthropic_beta)).toEqual([
    ['interleaved-thinking-2025-05-14', search],
    [search],
    undefined,
  ]);
  // Which flag it was is not known, so nobody else goes without.
  await ask(deferring, asked);
  expect(sent[3]).toEqual(sent[0]);
});

test('a limit of the model is learned from the words of InvokeModel', async () => {
  const model = 'anthropic.claude-something-new';
  const words =
    'max_tokens: 500000 > 9000, which is the maximum allowed number of output tokens for claude-something-new';
  const { ask, sent } = nativeEngine(model, (body) => (Number(body.max_tokens) > 9000 ? words : undefined));
  const messages = [{ role: 'user', content: 'Hi' }];
  await ask({ max_tokens: 500_000, messages });
  await ask({ max_tokens: 400_000, messages });
  expect(sent.map(({ max_tokens }) => max_tokens)).toEqual([500_000, 9000, 9000]);
});

test('a signature that is refused takes the thinking of this request with it, and of no other', async () => {
  const words = 'messages.1.content.0: Invalid `signature` in `thinking` block';
  const { ask, sent } = nativeEngine(sonnet, once(words));
  const thought = { type: 'thinking', thinking: 'Hm.', signature: 'foreign' };
  const messages = [
    { role: 'user', content: 'Hi' },
    { role: 'assistant', content: [thought, { type: 'text', text: 'Hello' }] },
    { role: 'user', content: 'on' },
  ];
  await ask({ max_tokens: 100, messages });
  expect(JSON.stringify(sent[1])).not.toContain('"thinking"');
  await ask({ max_tokens: 100, messages });
  expect(sent[2]).toEqual(sent[0]);
});

test('a refusal that nothing can be changed for is passed on', async () => {
  const { ask, sent } = nativeEngine(
    sonnet,
    () => 'tools.0.custom.name: Extra inputs are not permitted at all',
  );
  await expect(ask(deferring)).rejects.toMatchObject({ status: 400 });
  expect(sent.length).toBeLessThanOrEqual(3);
});

test('what is learned for everybody holds nothing of what was found out for one request alone', async () => {
  const thinking = 'interleaved-thinking-2025-05-14';
  const { ask, sent } = nativeEngine(sonnet, ({ metadata, anthropic_beta: betas }, nth) => {
    if (nth === 1) return 'invalid beta flag';
    return metadata === undefined ? undefined : `metadata: Extra inputs are not permitted ${String(betas)}`;
  });
  const messages = [{ role: 'user', content: 'Hi' }];
  const body = { max_tokens: 100, messages, metadata: { user_id: 'u1' } };
  await ask(body, [thinking]);
  expect(sent).toHaveLength(3);
  await ask(body, [thinking]);
  expect(sent[3]).toEqual({ ...sent[0], metadata: undefined });
});

test('changes of the tools go into the list of tools where the blocks are refused, and for all who ask later', async () => {
  const { ask, sent } = nativeEngine(
    'anthropic.claude-opus-5-5',
    once(
      "messages.1.content.0: Input tag 'tool_addition' found using 'type' does not match any of the expected tags: 'text'",
    ),
  );
  const tool = { name: 'a', input_schema: schema };
  const other = { name: 'b', input_schema: schema };
  const said = { role: 'user', content: 'Hi' };
  const defined = { type: 'tool_addition', tool: { type: 'tool_definition', definition: tool } };
  const body = { max_tokens: 100, tools: [other], messages: [said, { role: 'system', content: [defined] }] };
  const { warnings } = await ask(body);
  expect(warnings.join()).toContain('list of tools');
  expect(sent[0]).toMatchObject(body);
  expect(sent[1]).toMatchObject({ messages: [said], tools: [other, tool] });
  await ask(body);
  expect(sent[2]).toEqual(sent[1]);
});
