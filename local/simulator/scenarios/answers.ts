import type { Answer, AnswerBlock } from '../answer/answer.ts';
import { redactedData, signatureOf, toolUseId } from '../answer/ids.ts';
import { valueFor } from '../answer/schema-value.ts';
import type { ConverseRequest, Schema } from '../converse/request.ts';
import { type Cue, numberAt, type Scenario } from './scenario.ts';

const lead = (answer: Answer, ...blocks: AnswerBlock[]): Answer => ({
  ...answer,
  blocks: [...blocks, ...answer.blocks],
});
const instead = (answer: Answer, blocks: AnswerBlock[], stopReason = 'end_turn'): Answer => ({
  ...answer,
  blocks,
  stopReason,
});
const text = (value: string): AnswerBlock => ({ text: value });
const calls = (answer: Answer) => answer.blocks.filter((block) => 'toolUse' in block);

/** The tools of the request; one of our own when there are none. */
function toolSpecs({ call }: Cue): { name: string; inputSchema: { json: Schema } }[] {
  const specs = ((call.body as ConverseRequest).toolConfig?.tools ?? []).flatMap(
    ({ toolSpec }) => toolSpec ?? [],
  );
  return specs.length > 0 ? specs : [{ name: 'tool', inputSchema: { json: {} } }];
}

/** A call of the n-th tool, with arguments that fit; its id differs from those of earlier turns. */
function callOf(cue: Cue, n: number, input?: unknown): AnswerBlock {
  const specs = toolSpecs(cue);
  const { name, inputSchema } = specs[n % specs.length]!;
  const made = valueFor({ type: 'object', ...inputSchema.json }, { next: () => `part ${n + 1}` });
  return { toolUse: { toolUseId: idOf(cue, n), name, input: input ?? made } };
}

const idOf = ({ call }: Cue, n: number): string => toolUseId(`${JSON.stringify(call.body)} ${n}`);

/** Signed where the model signs. */
function reasoning({ call }: Cue, thought: string): AnswerBlock {
  const signature = call.model.family.provider === 'anthropic' ? { signature: signatureOf(thought) } : {};
  return { reasoningContent: { reasoningText: { text: thought, ...signature } } };
}

/** A text, or with the argument `reasoning` what the model thinks. */
const leaked = ({ args }: Cue, leak: string): AnswerBlock =>
  args[0] === 'reasoning' ? { reasoningContent: { reasoningText: { text: leak } } } : text(leak);

/** What the model says; Converse and ConverseStream only. */
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
    name: 'no-arguments',
    example: '[[no-arguments]]',
    does: 'Calls the first tool without arguments: in a stream, without a single delta.',
    rewrite: (answer, cue) => instead(answer, [callOf(cue, 0, {})], 'tool_use'),
  },
  {
    name: 'cut-arguments',
    example: '[[cut-arguments]]',
    does: 'The call of the first tool is cut off by max_tokens in the middle of its arguments.',
    rewrite: (answer, cue) => instead(answer, [callOf(cue, 0, '{"query": "half of a ques')], 'max_tokens'),
  },
  {
    name: 'parallel',
    example: '[[parallel:3]]',
    does: 'Reasoning, text, and then that many tool calls (default 2).',
    rewrite: (answer, cue) =>
      instead(
        answer,
        [
          reasoning(cue, 'Several calls are needed.'),
          text('I look these up. '),
          ...Array.from({ length: numberAt(cue.args, 0, 2) }, (_, n) => callOf(cue, n)),
        ],
        'tool_use',
      ),
  },
  {
    name: 'end-turn-with-tools',
    example: '[[end-turn-with-tools]]',
    does: 'Calls the first tool, and says end_turn.',
    rewrite: (answer, cue) => ({
      ...(calls(answer).length > 0 ? answer : instead(answer, [callOf(cue, 0, {})])),
      stopReason: 'end_turn',
    }),
  },
  {
    name: 'kimi-leak',
    example: '[[kimi-leak:reasoning]]',
    does: 'The call of the first tool comes as Kimi’s tool tokens inside the text, or with `reasoning` inside the reasoning, with nothing else.',
    rewrite: (answer, cue) => {
      const name = toolSpecs(cue)[0]?.name;
      const leak = `I look it up.<|tool_calls_section_begin|><|tool_call_begin|>functions.${name}:0<|tool_call_argument_begin|>{"query":"part 1"}<|tool_call_end|><|tool_calls_section_end|>`;
      return instead(answer, [leaked(cue, leak)]);
    },
  },
  {
    name: 'deepseek-leak',
    example: '[[deepseek-leak:reasoning]]',
    does: 'The same with the tokens of DeepSeek’s chat template.',
    rewrite: (answer, cue) => {
      const name = toolSpecs(cue)[0]?.name;
      const leak = `I look it up.<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>${name}<｜tool▁sep｜>{"query":"part 1"}<｜tool▁call▁end｜><｜tool▁calls▁end｜>`;
      return instead(answer, [leaked(cue, leak)]);
    },
  },
  {
    name: 'channel-token',
    example: '[[channel-token]]',
    does: 'Calls the first tool with `<|channel|>commentary` behind its name, as gpt-oss does on other hosts.',
    rewrite: (answer, cue) => {
      const { name } = toolSpecs(cue)[0]!;
      const toolUse = { toolUseId: idOf(cue, 0), name: `${name}<|channel|>commentary`, input: {} };
      return instead(answer, [{ toolUse }], 'tool_use');
    },
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
