import type { Answer, AnswerBlock } from '../answer/answer.ts';
import type { Choices } from '../answer/schema/making.ts';
import { valueFor } from '../answer/schema/value.ts';
import { lastUserText, type Schema } from '../converse/request.ts';
import { idOf, instead, leaked, reasoning, text } from './blocks.ts';
import { directivesIn } from './directives.ts';
import { type Cue, numberAt, type Scenario } from './scenario.ts';

interface ToolSpec {
  name: string;
  inputSchema: { json: Schema };
}

/** The tools of the request; one of our own when there are none. */
function toolSpecs({ request }: Cue): ToolSpec[] {
  const specs = (request.toolConfig?.tools ?? []).flatMap(({ toolSpec }) => toolSpec ?? []);
  return specs.length > 0 ? specs : [{ name: 'tool', inputSchema: { json: {} } }];
}

/** A call of the n-th tool, with arguments that fit; its id differs from those of earlier turns. */
function callOf(cue: Cue, n: number, input?: unknown): AnswerBlock {
  const specs = toolSpecs(cue);
  const spec = specs[n % specs.length]!;
  return callNamed(cue, n, spec.name, input ?? argumentsOf(spec, `part ${n + 1}`));
}

function argumentsOf({ inputSchema }: ToolSpec, text: string): unknown {
  const choices: Choices = { word: () => text, wants: (_name, _owner, depth) => depth < 2 };
  return valueFor({ type: 'object', ...inputSchema.json }, choices);
}

/** A scenario that calls tools: once for the user's words, and no more when the tools have answered. */
const beforeResults =
  (rewrite: NonNullable<Scenario['rewrite']>): NonNullable<Scenario['rewrite']> =>
  (answer, cue) => {
    const last = cue.request.messages?.findLast(({ role }) => role !== 'system')?.content;
    const answered = last?.some(({ toolResult }) => toolResult);
    return answered ? answer : rewrite(answer, cue);
  };

/** The calls that the user's words spell out, all at once. */
function askedCalls(cue: Cue): AnswerBlock[] {
  const asked = directivesIn(lastUserText(cue.request)).filter(({ name }) => name === 'call');
  const all = asked.length > 0 ? asked.map(({ args }) => args) : [cue.args];
  return all.map(([name, json], i) => askedCall(cue, i, name, json));
}

/** A name that no tool has is called all the same; the gateway may have had to spell a tool's otherwise. */
function askedCall(cue: Cue, i: number, name: string | undefined, json: string | undefined): AnswerBlock {
  const specs = toolSpecs(cue);
  const plain = (text = '') => text.replace(/[^a-zA-Z0-9_]/g, '_');
  const found =
    specs.find((spec) => spec.name === name) ?? specs.find((spec) => plain(spec.name) === plain(name));
  const spec = found ?? (name === undefined ? specs[0]! : { name, inputSchema: { json: {} } });
  const input = json === undefined ? argumentsOf(spec, `part ${i + 1}`) : parsed(json);
  return callNamed(cue, i, spec.name, input);
}

const callNamed = (cue: Cue, i: number, name: string, input: unknown): AnswerBlock => ({
  toolUse: { toolUseId: idOf(cue, i), name, input },
});

/** What is no JSON goes out as it is: arguments that nobody can read. */
function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return json;
  }
}

const calls = (answer: Answer) => answer.blocks.filter((block) => 'toolUse' in block);

/** Calls of tools. */
export const toolCalls: Scenario[] = [
  {
    name: 'call',
    example: '[[call:read_file {"path":"a.txt"}]]',
    does: 'Calls that tool with exactly these arguments, once; several of them are parallel calls. Without arguments they are made from the schema.',
    rewrite: beforeResults((answer, cue) =>
      instead(
        answer,
        [...answer.blocks.filter((b) => 'reasoningContent' in b), ...askedCalls(cue)],
        'tool_use',
      ),
    ),
  },
  {
    name: 'no-arguments',
    example: '[[no-arguments]]',
    does: 'Calls the first tool without arguments: in a stream of Converse, without a single delta.',
    rewrite: beforeResults((answer, cue) => instead(answer, [callOf(cue, 0, {})], 'tool_use')),
  },
  {
    name: 'cut-arguments',
    example: '[[cut-arguments]]',
    does: 'The call of the first tool is cut off by max_tokens in the middle of its arguments.',
    rewrite: beforeResults((answer, cue) =>
      instead(answer, [callOf(cue, 0, '{"query": "half of a ques')], 'max_tokens'),
    ),
  },
  {
    name: 'parallel',
    example: '[[parallel:3]]',
    does: 'Reasoning, text, and then that many tool calls (default 2).',
    rewrite: beforeResults((answer, cue) =>
      instead(
        answer,
        [
          reasoning(cue, 'Several calls are needed.'),
          text('I look these up. '),
          ...Array.from({ length: numberAt(cue.args, 0, 2) }, (_, n) => callOf(cue, n)),
        ],
        'tool_use',
      ),
    ),
  },
  {
    name: 'end-turn-with-tools',
    example: '[[end-turn-with-tools]]',
    does: 'Calls the first tool, and says end_turn.',
    rewrite: beforeResults((answer, cue) => ({
      ...(calls(answer).length > 0 ? answer : instead(answer, [callOf(cue, 0, {})])),
      stopReason: 'end_turn',
    })),
  },
  {
    name: 'kimi-leak',
    example: '[[kimi-leak:reasoning]]',
    does: 'The call of the first tool comes as Kimi’s tool tokens inside the text, or with `reasoning` inside the reasoning, with nothing else.',
    rewrite: beforeResults((answer, cue) => {
      const name = toolSpecs(cue)[0]?.name;
      const leak = `I look it up.<|tool_calls_section_begin|><|tool_call_begin|>functions.${name}:0<|tool_call_argument_begin|>{"query":"part 1"}<|tool_call_end|><|tool_calls_section_end|>`;
      return instead(answer, [leaked(cue, leak)]);
    }),
  },
  {
    name: 'deepseek-leak',
    example: '[[deepseek-leak:reasoning]]',
    does: 'The same with the tokens of DeepSeek’s chat template.',
    rewrite: beforeResults((answer, cue) => {
      const name = toolSpecs(cue)[0]?.name;
      const leak = `I look it up.<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>${name}<｜tool▁sep｜>{"query":"part 1"}<｜tool▁call▁end｜><｜tool▁calls▁end｜>`;
      return instead(answer, [leaked(cue, leak)]);
    }),
  },
  {
    name: 'channel-token',
    example: '[[channel-token]]',
    does: 'Calls the first tool with `<|channel|>commentary` behind its name, as gpt-oss does on other hosts.',
    rewrite: beforeResults((answer, cue) => {
      const { name } = toolSpecs(cue)[0]!;
      const toolUse = { toolUseId: idOf(cue, 0), name: `${name}<|channel|>commentary`, input: {} };
      return instead(answer, [{ toolUse }], 'tool_use');
    }),
  },
];
