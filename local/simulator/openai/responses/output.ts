import type { AnswerBlock } from '../../answer/answer.ts';
import { idFor, readableText } from '../outcome.ts';
import type { Item } from './body.ts';
import { encryptThought } from './encrypted.ts';
import type { Outcome } from './resource.ts';
import type { Callable } from './tools.ts';

/** What the model says and does as items, with the ids that they keep. */
export function outputOf(outcome: Outcome): Item[] {
  const items: Item[] = [];
  for (const block of outcome.answer.blocks) {
    const text = readableText(block);
    const last = items.at(-1);
    if (text !== undefined && last?.type === 'message') (last.content as { text: string }[])[0]!.text += text;
    else if (text !== undefined) items.push(messageOf(text, idOf('msg', outcome, items.length)));
    else if ('reasoningContent' in block) items.push(thoughtOf(block, outcome, items.length));
    else if ('toolUse' in block && block.toolUse.type !== 'server_tool_use')
      items.push(callOf(block.toolUse, outcome, items.length));
  }
  // What was cut off is the last there is.
  const last = items.at(-1);
  if (last?.status && outcome.status === 'incomplete') last.status = 'incomplete';
  return items;
}

const idOf = (prefix: string, { seed }: Outcome, nth: number) =>
  `${prefix}_${idFor(seed, `item ${nth}`, 50)}`;

const messageOf = (text: string, id: string): Item => ({
  id,
  type: 'message',
  status: 'completed',
  content: [{ type: 'output_text', annotations: [], logprobs: [], text } as { type: string; text: string }],
  role: 'assistant',
});

/** GPT's thoughts come encrypted, for those who ask; the others' as they are. A summary is there on demand. */
function thoughtOf(
  { reasoningContent: { reasoningText } }: Extract<AnswerBlock, { reasoningContent: unknown }>,
  outcome: Outcome,
  nth: number,
): Item {
  const { body, call } = outcome;
  const id = idOf('rs', outcome, nth);
  if (reasoningText?.text)
    return {
      id,
      type: 'reasoning',
      summary: [],
      content: [{ type: 'reasoning_text', text: reasoningText.text }],
    };
  const { summary, generate_summary } = body.reasoning ?? {};
  const text = '**Answering**\n\nI look at what I have been given and answer briefly.';
  return {
    id,
    type: 'reasoning',
    summary: (summary ?? generate_summary) ? [{ type: 'summary_text', text }] : [],
    ...(body.include?.includes('reasoning.encrypted_content') && {
      encrypted_content: encryptThought(id, call.model.id),
    }),
  };
}

type ToolUse = Extract<AnswerBlock, { toolUse: unknown }>['toolUse'];

function callOf({ name, input }: ToolUse, outcome: Outcome, nth: number): Item {
  const call_id = `call_${idFor(outcome.seed, `call ${nth}`, 24)}`;
  const callable = outcome.callables.find(({ called }) => called === name);
  return { ...spelled(input, name, callable, (prefix) => idOf(prefix, outcome, nth)), call_id };
}

const jsonOf = (input: unknown): string => (typeof input === 'string' ? input : JSON.stringify(input));

function spelled(
  input: unknown,
  called: string,
  callable: Callable | undefined,
  id: (prefix: string) => string,
): Item {
  const { kind = 'function', name = called, namespace } = callable ?? {};
  const whose = { name, ...(namespace && { namespace }) };
  const whole = typeof input === 'object' && input !== null ? (input as Record<string, unknown>) : {};
  switch (kind) {
    case 'custom':
      return {
        id: id('ctc'),
        type: 'custom_tool_call',
        status: 'completed',
        input: String(whole.input ?? jsonOf(input)),
        ...whose,
      };
    case 'tool_search':
      return {
        id: id('tsc'),
        type: 'tool_search_call',
        status: 'completed',
        execution: 'client',
        arguments: whole,
      };
    case 'apply_patch':
      return { id: id('apc'), type: 'apply_patch_call', status: 'completed', operation: whole };
    default:
      return { id: id('fc'), type: 'function_call', status: 'completed', arguments: jsonOf(input), ...whose };
  }
}
