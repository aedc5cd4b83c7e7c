import { redactedData, signatureOf } from '../answer/ids.ts';
import { idOf, instead, lead, reasoning, text } from './blocks.ts';
import { numberAt, type Scenario } from './scenario.ts';

/** What the model says. */
export const answers: Scenario[] = [
  {
    name: 'say',
    example: '[[say:Hello there]]',
    does: 'Answers exactly that.',
    rewrite: (answer, { args }) => instead(answer, [text(args.join(':'))]),
  },
  {
    name: 'events',
    example: '[[events:500]]',
    does: 'A text of that many deltas (default 500).',
    rewrite: (answer, { args }) =>
      instead(answer, [
        text(Array.from({ length: numberAt(args, 0, 500) }, (_, i) => `word${i + 1} `).join('')),
      ]),
  },
  {
    name: 'unicode',
    example: '[[unicode]]',
    does: 'A text of characters of two, three and four bytes.',
    rewrite: (answer) => instead(answer, [text('Grüße, мир, 世界, 👩‍👩‍👧‍👦 and a flag 🇨🇭.')]),
  },
  {
    name: 'texts',
    example: '[[texts:3]]',
    does: 'That many text blocks (default 3), to be joined with nothing between.',
    rewrite: (answer, { args }) =>
      instead(
        answer,
        Array.from({ length: numberAt(args, 0, 3) }, (_, i) => text(`Part ${i + 1}. `)),
      ),
  },
  {
    name: 'empty',
    example: '[[empty]]',
    does: 'A message without any content block.',
    rewrite: (answer) => instead(answer, []),
  },
  {
    name: 'stop',
    example: '[[stop:content_filtered]]',
    does: 'Ends with that stop reason: content_filtered, refusal, malformed_tool_use, malformed_model_output, model_context_window_exceeded, guardrail_intervened, unknown_reason, …',
    rewrite: (answer, { args }) => ({ ...answer, stopReason: args[0] ?? 'unknown_reason' }),
  },
  {
    name: 'citations',
    example: '[[citations]]',
    does: 'Text with citations of a document and of a web page.',
    rewrite: (answer) =>
      instead(answer, [
        text('The manual says: '),
        {
          citationsContent: {
            content: [{ text: 'the lamp must be green' }],
            citations: [
              {
                title: 'manual',
                sourceContent: [{ text: 'Wait until the lamp is green.' }],
                location: { documentPage: { documentIndex: 0, start: 1, end: 2 } },
              },
            ],
          },
        },
        text('. See also the web page'),
        {
          citationsContent: {
            citations: [{ location: { web: { url: 'https://example.com/lamps', domain: 'example.com' } } }],
          },
        },
        text('.'),
      ]),
  },
  {
    name: 'redacted',
    example: '[[redacted]]',
    does: 'Redacted reasoning before the answer.',
    rewrite: (answer) =>
      lead(answer, {
        reasoningContent: { redactedContent: redactedData },
      }),
  },
  {
    name: 'signature-only',
    example: '[[signature-only]]',
    does: 'Reasoning with a signature and no text before the answer.',
    rewrite: (answer) =>
      lead(answer, { reasoningContent: { reasoningText: { text: '', signature: signatureOf('') } } }),
  },
  {
    name: 'reason',
    example: '[[reason]]',
    does: 'Reasoning before the answer, asked for or not; signed on Claude.',
    rewrite: (answer, cue) => lead(answer, reasoning(cue, 'The user asks for something. I answer it.')),
  },
  {
    name: 'think-leak',
    example: '[[think-leak]]',
    does: 'The text starts with `<think>…</think>`, as Kimi K2 Thinking lets it slip.',
    rewrite: (answer) => ({
      ...answer,
      blocks: answer.blocks.map((block) =>
        'text' in block ? text(`<think>The result is in.</think>\n\n${block.text}`) : block,
      ),
    }),
  },
  {
    name: 'server-tool',
    example: '[[server-tool]]',
    does: 'A call of Nova’s own tool and its hidden result, both in the assistant’s turn, before the answer.',
    rewrite: (answer, cue) => {
      const id = idOf(cue, 0);
      return lead(
        answer,
        {
          toolUse: {
            toolUseId: id,
            name: 'nova_grounding',
            input: { query: 'latest news' },
            type: 'server_tool_use',
          },
        },
        {
          toolResult: {
            toolUseId: id,
            status: 'success',
            type: 'nova_grounding_result',
            content: [{ text: '[HIDDEN]' }],
          },
        },
      );
    },
  },
];
