import { type ContentBlock, type ConverseRequest, type Message, placedBlocks } from '../converse/request.ts';
import { anthropic, everyone, noBlock, noField, type Rule } from './rule.ts';

type ToolUse = NonNullable<ContentBlock['toolUse']>;

/** Calls that the client must answer; a server's own tools answer themselves, in the same turn. */
const callsIn = (message: Message | undefined): ToolUse[] =>
  (message?.content ?? []).flatMap(({ toolUse }) =>
    toolUse && toolUse.type !== 'server_tool_use' ? [toolUse] : [],
  );
const resultsIn = (message: Message | undefined) =>
  message?.role === 'assistant'
    ? []
    : (message?.content ?? []).flatMap(({ toolResult }) => (toolResult ? [toolResult] : []));
const turnsOf = ({ messages = [] }: ConverseRequest) => messages.filter(({ role }) => role !== 'system');
const placedResults = (request: ConverseRequest) =>
  placedBlocks(request).flatMap(({ block, ...place }) =>
    block.toolResult && !block.toolResult.type ? [{ ...place, result: block.toolResult }] : [],
  );

/** Calls and results in the history. */
const history: Rule[] = [
  {
    name: 'history with tools needs toolConfig',
    binds: everyone,
    breach: (request) =>
      !request.toolConfig &&
      turnsOf(request).some((turn) => callsIn(turn).length + resultsIn(turn).length > 0)
        ? 'The toolConfig field must be defined when using toolUse and toolResult content blocks.'
        : undefined,
  },
  {
    name: 'every call is answered in the next turn',
    binds: everyone,
    breach(request) {
      const turns = request.messages ?? [];
      for (const [i, turn] of turns.entries()) {
        const answered = new Set(resultsIn(turns[i + 1]).map(({ toolUseId }) => toolUseId));
        const open = callsIn(turn).filter(({ toolUseId }) => !answered.has(toolUseId));
        if (open.length > 0) {
          return `Expected toolResult blocks at messages.${i + 1}.content for the following Ids: ${open.map(({ toolUseId }) => toolUseId).join(', ')}`;
        }
      }
      return undefined;
    },
  },
  {
    name: 'no more results than calls',
    binds: everyone,
    breach(request) {
      const turns = request.messages ?? [];
      const over = turns.findIndex((turn, i) => resultsIn(turn).length > callsIn(turns[i - 1]).length);
      return over < 0
        ? undefined
        : `The number of toolResult blocks at messages.${over}.content exceeds the number of toolUse blocks of previous turn.`;
    },
  },
  {
    name: 'ids of calls are unique',
    binds: anthropic,
    from: 'provider',
    breach(request) {
      const seen = new Set<string>();
      for (const { block, turn, index } of placedBlocks(request)) {
        const id = block.toolUse?.toolUseId;
        if (id !== undefined && seen.has(id))
          return `messages.${turn}.content.${index}: \`tool_use\` ids must be unique`;
        if (id !== undefined) seen.add(id);
      }
      return undefined;
    },
  },
  {
    // Kimi’s are others, and a conversation may have begun with Kimi (farion1231/cc-switch#1181, langchain-ai/langchain#37756).
    name: 'Claude’s ids',
    binds: anthropic,
    from: 'provider',
    breach(request) {
      const odd = placedBlocks(request).find(
        ({ block }) => block.toolUse && !/^[a-zA-Z0-9_-]+$/.test(block.toolUse.toolUseId),
      );
      return (
        odd &&
        `messages.${odd.turn}.content.${odd.index}.tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$'`
      );
    },
  },
  {
    name: 'a call’s input is an object',
    binds: everyone,
    breach(request) {
      const odd = placedBlocks(request).find(
        ({ block }) =>
          block.toolUse && (typeof block.toolUse.input !== 'object' || Array.isArray(block.toolUse.input)),
      );
      return (
        odd &&
        `The format of the value at messages.${odd.turn}.content.${odd.index}.toolUse.input is invalid. Provide a json object for the field and try again.`
      );
    },
  },
  {
    name: 'Mistral’s ids',
    binds: (family) => family.toolUseId !== undefined,
    from: 'provider',
    breach(request, { family }) {
      const odd = placedBlocks(request).find(
        ({ block }) => block.toolUse && !family.toolUseId?.test(block.toolUse.toolUseId),
      );
      return (
        odd &&
        `Tool call id was ${odd.block.toolUse?.toolUseId} but must be a-z, A-Z, 0-9, with a length of 9.`
      );
    },
  },
];

/** What a tool result may hold, and beside what it may stand. */
const results: Rule[] = [
  {
    name: 'an error says something',
    binds: everyone,
    breach(request) {
      const empty = placedResults(request).find(
        ({ result }) => result.status === 'error' && result.content.length === 0,
      );
      return (
        empty &&
        `The content field at messages.${empty.turn}.content.${empty.index}.toolResult cannot be empty when status value is error.`
      );
    },
  },
  {
    // strands-agents/harness-sdk#2122: refused on Nemotron; its words are not known.
    name: 'a result says something',
    binds: (family) => !family.emptyToolResults,
    breach(request) {
      const empty = placedResults(request).find(({ result }) => result.content.every(saysNothing));
      return (
        empty &&
        `The content field at messages.${empty.turn}.content.${empty.index}.toolResult cannot be empty.`
      );
    },
  },
  {
    name: 'results alone in their turn',
    binds: (family) => family.toolResultsAlone,
    breach({ messages = [] }) {
      const mixed = messages.findIndex(
        (turn) =>
          resultsIn(turn).length > 0 && turn.content.some((block) => !block.toolResult && !block.cachePoint),
      );
      return mixed < 0
        ? undefined
        : `messages.${mixed}.content: Conversation blocks and tool result blocks cannot be provided in the same turn.`;
    },
  },
  {
    // quarkiverse/quarkus-langchain4j#1983, on Llama 3.2.
    name: 'calls alone in their turn',
    binds: (family) => family.toolCallsAlone,
    breach({ messages = [] }) {
      const mixed = messages.findIndex(
        (turn) =>
          callsIn(turn).length > 0 && turn.content.some((block) => !block.toolUse && !block.cachePoint),
      );
      return mixed < 0
        ? undefined
        : `messages.${mixed}.content: Conversation blocks and tool use blocks cannot be provided in the same turn.`;
    },
  },
  {
    name: 'no status',
    binds: (family) => !family.toolResultStatus,
    breach: (request) =>
      placedResults(request).some(({ result }) => result.status !== undefined)
        ? noField('status')
        : undefined,
  },
  {
    name: 'json in a result is an object',
    binds: everyone,
    breach(request) {
      const odd = placedResults(request).find(({ result }) =>
        result.content.some(
          ({ json }) => json !== undefined && (typeof json !== 'object' || Array.isArray(json)),
        ),
      );
      return (
        odd &&
        `The format of the value at messages.${odd.turn}.content.${odd.index}.toolResult.content.json is invalid. Provide a json object for the field and try again.`
      );
    },
  },
  {
    name: 'media inside a result',
    binds: everyone,
    breach(request, { family }) {
      const allowed = family.toolResultMedia;
      for (const { result } of placedResults(request)) {
        for (const { image, document, video } of result.content) {
          if (image && !allowed.image) return noBlock('image');
          if (video && !allowed.video) return noBlock('video');
          const format = document && (document.format ?? 'txt');
          if (format && allowed.document !== 'any' && !allowed.document.includes(format))
            return noBlock('document');
        }
      }
      return undefined;
    },
  },
];

const saysNothing = ({ text }: { text?: string }): boolean => text?.trim() === '';

export const toolTurnRules: Rule[] = [...history, ...results];
