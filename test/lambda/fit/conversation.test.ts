import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ContentBlock, ConverseRequest, Message } from '../../../lambda/canonical/types.ts';
import { GatewayError } from '../../../lambda/errors.ts';
import type { Capabilities } from '../../../lambda/models/capabilities.ts';
import { able } from '../../support/capabilities.ts';
import { fitUnnamed } from '../../support/fit.ts';

const text = fc.constantFrom('a', 'b ', ' ', '', '\n').map((value) => ({ text: value }));
const id = fc.constantFrom('t1', 't2', 'call_0', 'ü', 'x'.repeat(90));
const name = fc.constantFrom('get_weather', 'get-weather', 'get weather', 'get.weather', 'y'.repeat(70), '');
const use = fc.record({ toolUse: fc.record({ toolUseId: id, name, input: fc.constantFrom({}, { a: 1 }) }) });
const result = fc.record({
  toolResult: fc.record(
    {
      toolUseId: id,
      content: fc.array(fc.oneof(text, fc.constant({ image: { format: 'png', source: { bytes: 'AAAA' } } }))),
      status: fc.constantFrom('error' as const, 'success' as const),
    },
    { requiredKeys: ['toolUseId', 'content'] },
  ),
});
const cachePoint = fc.constant<ContentBlock>({ cachePoint: { type: 'default' } });
const document = fc.constant<ContentBlock>({
  document: { name: 'a.pdf', format: 'pdf', source: { bytes: 'AAAA' } },
});
const message = fc.oneof(
  fc.record({
    role: fc.constant('user' as const),
    content: fc.array(fc.oneof(text, document, cachePoint, result)),
  }),
  fc.record({ role: fc.constant('assistant' as const), content: fc.array(fc.oneof(text, use, cachePoint)) }),
  fc.record({ role: fc.constant('system' as const), content: fc.array(text) }),
) as fc.Arbitrary<Message>;
const request: fc.Arbitrary<ConverseRequest> = fc.record(
  {
    messages: fc.array(message, { maxLength: 14 }),
    system: fc.array(text),
    toolConfig: fc.record({
      tools: fc.array(name.map((value) => ({ toolSpec: { name: value, inputSchema: { json: {} } } }))),
    }),
  },
  { requiredKeys: ['messages'] },
);
const capabilities: fc.Arbitrary<Capabilities> = fc
  .record({
    system: fc.boolean(),
    midConversationSystem: fc.boolean(),
    assistantFirst: fc.boolean(),
    assistantLast: fc.boolean(),
    tools: fc.boolean(),
    hyphenInToolNames: fc.boolean(),
    toolUseId: fc.constantFrom('any' as const, 'word' as const, 'nine-alphanumerics' as const),
    toolResultsAlone: fc.boolean(),
    toolResultMedia: fc.record({
      image: fc.boolean(),
      document: fc.constantFrom('any' as const, 'text' as const, false as const),
      video: fc.boolean(),
    }),
  })
  .map(able);

/** Runs `check` on what is sent; refusals must be the client's fault. */
function onEachFit(check: (sent: ConverseRequest, able: Capabilities) => void): void {
  fc.assert(
    fc.property(request, capabilities, fc.boolean(), (converse, can, toolChoiceNone) => {
      try {
        check(fitUnnamed({ converse, intent: { toolChoiceNone } }, can).request, can);
      } catch (error) {
        if (!(error instanceof GatewayError)) throw error;
        expect(error.status).toBe(400);
      }
    }),
    { numRuns: 300 },
  );
}

const blocks = (sent: ConverseRequest) => sent.messages.flatMap(({ content }) => content);

describe('every conversation', () => {
  it('alternates, begins and ends as the model wants, and has no empty turn', () => {
    onEachFit(({ messages }, can) => {
      for (const [i, { role, content }] of messages.entries()) {
        expect(content).not.toHaveLength(0);
        expect(role).not.toBe(messages[i - 1]?.role);
        if (role === 'system') {
          expect(can.midConversationSystem && messages[i - 1]?.role).toBe('user');
          expect(messages[i + 1]?.role ?? 'assistant').toBe('assistant');
        }
      }
      if (!can.assistantFirst) expect(messages[0]?.role).toBe('user');
      if (!can.assistantLast) expect(messages.at(-1)?.role).not.toBe('assistant');
    });
  });

  it('has no blank text and no cache point at the head of a list', () => {
    onEachFit((sent) => {
      const lists: object[][] = [...sent.messages.map(({ content }) => content), sent.system ?? []];
      for (const list of lists) {
        expect(list[0] ?? {}).not.toHaveProperty('cachePoint');
        for (const block of list) if ('text' in block) expect(String(block.text).trim()).not.toBe('');
      }
    });
  });

  it('answers every call once, in the next turn, first of all and nowhere else', () => {
    onEachFit(({ messages }, can) => {
      const seen = new Set<string>();
      messages.forEach(({ content, role }, i) => {
        const calls = content.flatMap((block) => ('toolUse' in block ? [block.toolUse.toolUseId] : []));
        for (const call of calls) expect(seen).not.toContain(call);
        for (const call of calls) seen.add(call);
        const answered = (messages[i + 1]?.content ?? []).flatMap((block) =>
          'toolResult' in block ? [block.toolResult.toolUseId] : [],
        );
        expect([...answered].sort()).toEqual([...calls].sort());
        const first = content.findIndex((block) => !('toolResult' in block || 'cachePoint' in block));
        if (role === 'user' && first >= 0) {
          expect(content.slice(first).some((block) => 'toolResult' in block)).toBe(false);
          if (can.toolResultsAlone) expect(content.some((block) => 'toolResult' in block)).toBe(false);
        }
      });
    });
  });

  it('names tools and calls as Bedrock takes them, each tool once, and declares tools for a history of calls', () => {
    onEachFit((sent, can) => {
      const names = (sent.toolConfig?.tools ?? []).flatMap((tool) =>
        'toolSpec' in tool ? [tool.toolSpec.name] : [],
      );
      expect(new Set(names).size).toBe(names.length);
      for (const block of blocks(sent)) {
        if (!('toolUse' in block)) continue;
        expect(can.tools && sent.toolConfig?.tools.length).toBeTruthy();
        names.push(block.toolUse.name);
        const id = {
          any: /^[\w.:-]{1,64}$/,
          word: /^[\w-]{1,64}$/,
          'nine-alphanumerics': /^[a-zA-Z0-9]{9}$/,
        };
        expect(block.toolUse.toolUseId).toMatch(id[can.toolUseId]);
      }
      for (const used of names) {
        expect(used).toMatch(can.hyphenInToolNames ? /^[a-zA-Z0-9_-]{1,64}$/ : /^[a-zA-Z0-9_]{1,64}$/);
      }
    });
  });

  it('names documents differently and gives them a text', () => {
    onEachFit(({ messages }) => {
      const names = messages.flatMap(({ content }) =>
        content.flatMap((block) => ('document' in block ? [block.document.name] : [])),
      );
      expect(new Set(names).size).toBe(names.length);
      for (const { content } of messages) {
        if (content.some((block) => 'document' in block)) {
          expect(content.some((block) => 'text' in block)).toBe(true);
        }
      }
    });
  });

  it('is a prefix of itself with another exchange behind it', () => {
    fc.assert(
      fc.property(fc.array(message, { maxLength: 8 }), capabilities, (messages, can) => {
        const start: Message[] = [...messages, { role: 'user', content: [{ text: 'now' }] }];
        const longer: Message[] = [
          ...start,
          { role: 'assistant', content: [{ text: 'done' }] },
          { role: 'user', content: [{ text: 'thanks' }] },
        ];
        const sent = (list: Message[]) =>
          fitUnnamed({ converse: { messages: list }, intent: {} }, { ...can, tools: true }).request;
        const short = sent(start);
        expect(sent(longer).messages.slice(0, short.messages.length)).toEqual(short.messages);
        expect(sent(longer).toolConfig).toEqual(short.toolConfig);
      }),
    );
  });
});
