import fc from 'fast-check';
import type { Citation, ContentBlock, ConverseAnswer, JsonObject } from '../../lambda/canonical/types.ts';

const id = fc.stringMatching(/^tooluse_[A-Za-z0-9_-]{22}$/);
const name = fc.stringMatching(/^[a-z][a-z_]{0,20}$/);

/** Tool inputs: objects, as Bedrock gives them, and the text of one that was cut off. */
export const toolInputs = fc.oneof(
  // As JSON says it: it knows no -0.
  fc
    .dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 }))
    .map((value) => JSON.parse(JSON.stringify(value)) as JsonObject),
  fc.constantFrom('{"city": "Par', '{"a": {"b": ['),
);

/** As Bedrock encodes them: the bits beyond the last byte are none. */
const bytes = fc.uint8Array({ minLength: 1 }).map((each) => Buffer.from(each).toString('base64'));

/** Of nothing in particular, of a part of a document, of a search result and of a web page. */
const citations: fc.Arbitrary<Citation> = fc.record(
  {
    title: fc.string(),
    source: fc.webUrl(),
    sourceContent: fc.array(fc.record({ text: fc.string() })),
    location: fc.oneof(
      fc.record({ documentChar: fc.record({ documentIndex: fc.nat(), start: fc.nat(), end: fc.nat() }) }),
      fc.record({
        searchResultLocation: fc.record({ searchResultIndex: fc.nat(), start: fc.nat(), end: fc.nat() }),
      }),
      fc.record({ web: fc.record({ url: fc.webUrl(), domain: fc.domain() }) }),
    ),
  },
  { requiredKeys: ['title', 'source'] },
);

/** Every kind of block that answers hold. */
export const answerBlocks: fc.Arbitrary<ContentBlock> = fc.oneof(
  fc.record({ text: fc.string() }),
  fc.record({ toolUse: fc.record({ toolUseId: id, name, input: toolInputs }) }),
  fc.record({
    reasoningContent: fc.record({
      reasoningText: fc.record(
        { text: fc.string(), signature: fc.base64String({ minLength: 4 }) },
        { requiredKeys: ['text'] },
      ),
    }),
  }),
  fc.record({ reasoningContent: fc.record({ redactedContent: bytes }) }),
  fc.record({
    citationsContent: fc.record({
      content: fc.tuple(fc.record({ text: fc.string() })),
      citations: fc.array(citations, { minLength: 1 }),
    }),
  }),
  fc.record({
    toolResult: fc.record({
      toolUseId: id,
      type: fc.constant('nova_code_interpreter_result'),
      content: fc.array(fc.record({ text: fc.string() })),
    }),
  }),
  fc.constant({ image: { format: 'png', source: { bytes: 'iVBORw0KGgo=' } } }),
);

export const answers: fc.Arbitrary<ConverseAnswer> = fc.record(
  {
    output: fc.record({
      message: fc.record({ role: fc.constant('assistant' as const), content: fc.array(answerBlocks) }),
    }),
    stopReason: fc.constantFrom('end_turn', 'tool_use', 'max_tokens', 'something_new'),
    usage: fc.record({ inputTokens: fc.nat(), outputTokens: fc.nat(), totalTokens: fc.nat() }),
    metrics: fc.record({ latencyMs: fc.nat() }),
    additionalModelResponseFields: fc.constant({ stop_sequence: null }),
    serviceTier: fc.constant({ type: 'flex' }),
  },
  { requiredKeys: ['output', 'stopReason', 'usage'] },
);
