import type { CallLog } from '../../../local/simulator/index.ts';

/** A thinking block as Anthropic's Messages spells it. */
export interface Thinking {
  type: 'thinking';
  thinking: string;
  signature: string;
}

/** A result as it reached the model. */
export interface SentResult {
  failed: boolean;
  text: string;
}

interface Block {
  type?: string;
  text?: string;
  thinking?: string;
  signature?: string;
  is_error?: boolean;
  content?: unknown;
  reasoningContent?: { reasoningText?: { text: string; signature?: string }; redactedContent?: string };
  toolResult?: { status?: string; content: unknown };
}

interface Message {
  role: string;
  content?: string | Block[] | null;
}

/** An item of OpenAI's Responses. */
interface Item {
  type?: string;
  name?: string;
  content?: string | Block[] | null;
  encrypted_content?: string;
  output?: unknown;
  tools?: OpenAiTool[];
}

interface OpenAiTool {
  type: string;
  name?: string;
  tools?: OpenAiTool[];
}

const chats = [
  'Converse',
  'ConverseStream',
  'InvokeModel',
  'InvokeModelWithResponseStream',
  'CreateResponse',
];

/** The calls that asked a model for an answer. */
export const chatCalls = (calls: readonly CallLog[]): CallLog[] =>
  calls.filter(({ operation = '' }) => chats.includes(operation));

/** The operations that were called, without repetitions. */
export const operationsOf = (calls: readonly CallLog[]): string[] => [
  ...new Set(chatCalls(calls).map(({ operation = '' }) => operation)),
];

/** What Bedrock refused, save models that were asleep. */
export const refusalsOf = (calls: readonly CallLog[]): string[] =>
  chatCalls(calls).flatMap(({ error }) => (error && error !== 'ModelNotReadyException' ? [error] : []));

function messagesOf({ body }: CallLog): Message[] {
  const { messages = [] } = (body ?? {}) as { messages?: Message[] };
  return messages;
}

function itemsOf({ body }: CallLog): Item[] {
  const { input = [] } = (body ?? {}) as { input?: string | Item[] };
  return typeof input === 'string' ? [] : input;
}

const blocksOf = (call: CallLog): Block[] =>
  [...messagesOf(call), ...itemsOf(call)].flatMap(({ content }) => (Array.isArray(content) ? content : []));

/** What was said in a call's history, by either side. */
export const textsIn = (call: CallLog): string[] => [
  ...blocksOf(call).flatMap(({ text }) => text ?? []),
  ...itemsOf(call).flatMap(({ content }) => (typeof content === 'string' ? content : [])),
];

/** The signed reasoning in a call's history, of either operation, in its order. */
export const thinkingIn = (call: CallLog): Thinking[] =>
  blocksOf(call).flatMap(({ type, thinking = '', signature = '', reasoningContent }): Thinking[] => {
    if (type === 'thinking') return [{ type, thinking, signature }];
    const text = reasoningContent?.reasoningText;
    return text ? [{ type: 'thinking', thinking: text.text, signature: text.signature ?? '' }] : [];
  });

/** The reasoning in a call's history that nobody can read. */
export const hiddenIn = (call: CallLog): string[] => [
  ...blocksOf(call).flatMap(({ reasoningContent }) => reasoningContent?.redactedContent ?? []),
  ...itemsOf(call).flatMap(({ type, encrypted_content }) =>
    type === 'reasoning' ? (encrypted_content ?? []) : [],
  ),
];

/**
 * The results of tools in a call's history, in its order. A model that knows no tools is told of them in the user's
 * words.
 */
export const resultsIn = (call: CallLog): SentResult[] => [
  ...itemsOf(call).flatMap(({ type, output, tools }) =>
    type?.endsWith('_output') ? [resultOf(output ?? tools)] : [],
  ),
  ...blocksOf(call).flatMap(({ type, is_error, content, toolResult }) => {
    if (type === 'tool_result') return [resultOf(content, is_error)];
    return toolResult ? [resultOf(toolResult.content, toolResult.status === 'error')] : [];
  }),
  ...messagesOf(call).flatMap(({ content }) =>
    typeof content === 'string'
      ? [...content.matchAll(toldResult)].map(([text, outcome]) => ({ failed: outcome === 'Error', text }))
      : [],
  ),
];

const toldResult = /^(Result|Error) of the tool \S+:\n.*$/gm;

/** A model that takes no mark of a failure is told in words. */
function resultOf(content: unknown, failed = false): SentResult {
  const text = JSON.stringify(content);
  return { failed: failed || /^(\[\{"(type":"text",")?text":)?"Error\b/.test(text), text };
}

/** The names of the tools that a call offers, as the model calls them. */
export function toolsIn(call: CallLog): string[] {
  const { tools = [], toolConfig } = (call.body ?? {}) as {
    tools?: OpenAiTool[];
    toolConfig?: { tools: { toolSpec?: { name: string } }[] };
  };
  const added = itemsOf(call).flatMap((item) => (item.type === 'additional_tools' ? (item.tools ?? []) : []));
  return [
    ...[...tools, ...added].flatMap((tool) => namesOf(tool)),
    ...(toolConfig?.tools ?? []).flatMap(({ toolSpec }) => toolSpec?.name ?? []),
  ];
}

const namesOf = ({ type, name = type, tools }: OpenAiTool): string[] =>
  tools ? tools.flatMap((tool) => namesOf(tool)).map((each) => `${name}__${each}`) : [name];
