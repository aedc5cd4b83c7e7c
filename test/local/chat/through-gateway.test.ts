import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ChunkEncoder } from '../../../lambda/apis/chat-completions/encoder.ts';
import { translateRequest } from '../../../lambda/apis/chat-completions/request.ts';
import { deriveStateKey } from '../../../lambda/auth/state-key.ts';
import { fold } from '../../../lambda/canonical/fold.ts';
import type { ContentBlock } from '../../../lambda/canonical/types.ts';
import { unfold } from '../../../lambda/canonical/unfold.ts';
import { chatBody } from '../../../local/chat/chat-body.ts';
import { type Chunk, ChunkEvents } from '../../../local/chat/chunk-events.ts';
import type { Turn } from '../../../local/conversations/format.ts';

/** A gateway and its client in the terminal are two halves of one translation: what goes through both is what it was. */

const stateKey = deriveStateKey('sk-test');
const at = '2026-11-01T00:00:00.000Z';
const word = fc.stringMatching(/^[a-z<>"\\é漢]{1,12}$/);
const signed = fc
  .tuple(word, word)
  .map(([text, signature]): ContentBlock => ({ reasoningContent: { reasoningText: { text, signature } } }));
const redacted = word.map(
  (text): ContentBlock => ({
    reasoningContent: { redactedContent: Buffer.from(text).toString('base64') },
  }),
);
/** As models answer without tools: what was reasoned, then one text. */
const content = fc
  .tuple(fc.option(signed, { nil: undefined }), fc.array(redacted, { maxLength: 2 }), word)
  .map(([first, hidden, text]): ContentBlock[] => [...(first ? [first] : []), ...hidden, { text }]);

test('an answer comes out of the stream of chunks as it went in', () => {
  fc.assert(
    fc.property(content, (blocks) => {
      const encoder = new ChunkEncoder(
        { id: 'chatcmpl-1', created: 0, model: 'm' },
        { tools: { custom: new Set(), legacy: false }, hideReasoning: false, trace: false, stateKey },
        { index: 0, includeUsage: true },
      );
      const usage = { inputTokens: 1, outputTokens: 2, totalTokens: 3 };
      const events = unfold({
        output: { message: { role: 'assistant', content: blocks } },
        stopReason: 'end_turn',
        usage,
      });
      const chunks = encoder
        .push(events)
        .split('\n\n')
        .filter(Boolean)
        .map((text) => JSON.parse(text.replace(/^data: /, '')) as Chunk);
      const reading = new ChunkEvents();
      const folded = fold(chunks.flatMap((chunk) => reading.push(chunk)));
      expect(reading.complete).toBe(true);
      const isText = (block: ContentBlock) => 'text' in block;
      const { content: got } = folded.output.message;
      expect([...got.filter((block) => !isText(block)), ...got.filter(isText)]).toEqual(blocks);
      expect(folded.stopReason).toBe('end_turn');
    }),
  );
});

test('turns come out of the body as they went in', () => {
  fc.assert(
    fc.property(content, (blocks) => {
      const asked: ContentBlock[] = [
        { image: { format: 'png', source: { bytes: 'iVBORw0KGgo=' } } },
        { document: { name: 'paper', format: 'pdf', source: { bytes: 'JVBERi0=' } } },
        { text: 'What is this?' },
      ];
      const answer: Turn = {
        role: 'assistant',
        at,
        content: blocks,
        model: { asked: 'm' },
        stopReason: 'end_turn',
        cost: { unknown: 'x' },
      };
      const turns: Turn[] = [
        { role: 'user', at, content: asked },
        answer,
        { role: 'user', at, content: [{ text: 'And?' }] },
      ];
      const settings = { system: 'Be brief.', effort: 'high' as const, maxTokens: 9, temperature: 0.5 };
      const body = chatBody({ model: 'm', turns, settings, showReasoning: true, goesOn: true });
      const { canonical } = translateRequest(JSON.parse(JSON.stringify(body)), {
        stateKey,
        strict: true,
        fetched: new Map(),
      });
      expect(canonical.converse.messages.map((message) => message.content)).toEqual([
        [
          asked[0],
          { document: { ...(asked[1] as { document: object }).document, name: 'paper.pdf' } },
          asked[2],
        ],
        blocks,
        [{ text: 'And?' }],
      ]);
      expect(canonical.converse.system).toEqual([{ text: 'Be brief.' }]);
      expect(canonical.converse.inferenceConfig).toEqual({ maxTokens: 9, temperature: 0.5 });
      expect(canonical.intent).toMatchObject({ reasoning: { effort: 'high' }, cacheMode: 'auto' });
    }),
  );
});
