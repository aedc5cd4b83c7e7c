import { wordTokens } from './estimate.ts';
import { isObject, list, type Members, members, text } from './json.ts';

/** How a model counts: its tokenizer, and what its own prompt adds to a client's. */
export type Tokenizer = 'claude-3' | 'claude-4' | 'claude-4.7' | 'nova' | 'nova-2' | 'other';

/** In tokens, but for `scale`. */
interface Counting {
  /** Tokens for each that words, numbers and marks come to. */
  scale: number;
  /** Of a request that says nothing. */
  request: number;
  /** For each message after the first. */
  message: number;
  /** Once, where there are tools: the instructions for using them. */
  tools: number;
  /** Once, where a tool has to be called. */
  forced: number;
  /** For each call of a tool and each result. */
  call: number;
  /** Once, where the model is told to think. */
  thinking: number;
  /** Once, where the answer has a schema, beside the schema itself. */
  schema: number;
  /** Once, where a source is to be cited. */
  citations: number;
  /** The most that an image costs. */
  image: number;
}

/**
 * Measured on recorded answers, and rounded up, since what comes out too low lets a conversation outgrow its model
 * (docs/messages.md has the distribution of the errors). From 4.7 on the same text is about 30 per cent more tokens
 * (https://platform.claude.com/docs/en/build-with-claude/token-counting). Images:
 * https://platform.claude.com/docs/en/build-with-claude/vision
 */
const claude = { scale: 1.2, request: 8, message: 4, forced: 100, call: 32, thinking: 32 };
const extras = { schema: 170, citations: 500 };
const claude3: Counting = { ...claude, ...extras, tools: 320, image: 1600 };
const nova: Counting = {
  ...extras,
  ...{ scale: 1.2, request: 20, message: 4, tools: 340, forced: 0, call: 20, thinking: 50, image: 2600 },
};

const counting: Readonly<Record<Tokenizer, Counting>> = {
  'claude-3': claude3,
  'claude-4': { ...claude3, tools: 510 },
  'claude-4.7': {
    ...{ scale: 1.6, request: 10, message: 5, tools: 690, forced: 130, call: 44, thinking: 44 },
    ...{ schema: 230, citations: 670, image: 4800 },
  },
  nova,
  'nova-2': { ...nova, request: 60, message: 6, tools: 820 },
  other: { ...nova, request: 30, message: 6, tools: 60 },
};

/**
 * About how many tokens a model will count for a request, in Converse's shape or as a body of the Messages API. One
 * pass over its texts; always more than 0.
 */
export function estimateInputTokens(request: object, tokenizer: Tokenizer = 'claude-4.7'): number {
  const { system, messages, tools, toolConfig } = request as Members;
  const own = counting[tokenizer];
  const turns = list(messages);
  const given = list(tools ?? members(toolConfig).tools);
  const tally: Tally = { words: 0, added: own.request, cites: false, loaded: new Set(), own };
  addContent(system, tally);
  for (const { content } of turns) addContent(content, tally);
  tally.added += own.message * Math.max(0, turns.length - 1);
  if (tally.cites) tally.added += own.citations;
  if (given.length > 0) tally.added += own.tools;
  for (const tool of given) addTool(tool, tally);
  addOptions(request as Members, tally);
  return Math.ceil(tally.words * own.scale + tally.added);
}

interface Tally {
  words: number;
  added: number;
  /** A source is to be cited. */
  cites: boolean;
  /** Names of the tools that the conversation has loaded. */
  loaded: Set<string>;
  own: Counting;
}

/** What a model is told beside the conversation. */
function addOptions(request: Members, tally: Tally): void {
  const { own } = tally;
  const fields = members(request.additionalModelRequestFields);
  const thinking = members(
    request.thinking ?? fields.thinking ?? fields.reasoning_config ?? fields.reasoningConfig,
  );
  if (Object.keys(thinking).length > 0 && thinking.type !== 'disabled') tally.added += own.thinking;
  const choice = members(request.tool_choice ?? members(request.toolConfig).toolChoice);
  if ([choice.type, ...Object.keys(choice)].some((kind) => kind === 'any' || kind === 'tool'))
    tally.added += own.forced;
  const format = members(request.output_config).format ?? members(request.outputConfig).textFormat;
  if (!isObject(format)) return;
  tally.added += own.schema;
  addJson(format, tally);
}

function addText(value: unknown, tally: Tally): void {
  if (typeof value === 'string') tally.words += wordTokens(value);
}

function addJson(value: unknown, tally: Tally): void {
  if (value !== undefined) tally.words += wordTokens(JSON.stringify(value));
}

function addContent(content: unknown, tally: Tally): void {
  addText(content, tally);
  for (const block of list(content)) addBlock(block, tally);
}

/** What a deferred tool says is read only when a result has loaded it. */
function addTool(tool: Members, tally: Tally): void {
  const { cache_control: _, cachePoint, defer_loading: deferred, ...said } = tool;
  if (cachePoint !== undefined) return;
  if (deferred === true && !tally.loaded.has(String(tool.name))) return;
  addJson(isObject(said.toolSpec) ? said.toolSpec : said, tally);
}

/** A block of Converse is named by its one member, one of the Messages API by its type. */
function addBlock(block: Members, tally: Tally): void {
  const type = text(block.type);
  const [name = '', inner] = type === undefined ? (Object.entries(block)[0] ?? []) : [type, block];
  const add = Object.hasOwn(blocks, name) ? blocks[name] : undefined;
  if (add) add(members(inner), tally, block);
  else addJson(inner, tally);
}

type AddBlock = (inner: Members, tally: Tally, block: Members) => void;

const nothing: AddBlock = () => {};

const addCall: AddBlock = ({ name, input }, tally) => {
  tally.added += tally.own.call;
  addText(name, tally);
  addJson(input, tally);
};

const addResult: AddBlock = ({ content }, tally) => {
  tally.added += tally.own.call;
  addContent(content, tally);
};

/** Of thinking that is not shown there is only what encloses it, which is longer. */
const addThinking: AddBlock = ({ thinking, signature, data }, tally) => {
  if (text(thinking)) addText(thinking, tally);
  else tally.added += base64Length(signature ?? data) / bytesPerToken;
};

const addReasoning: AddBlock = ({ reasoningText, redactedContent }, tally) => {
  const { text: thinking, signature } = members(reasoningText);
  addThinking({ thinking, signature, data: redactedContent }, tally, {});
};

const addImage: AddBlock = (_, tally) => {
  tally.added += tally.own.image;
};

const addCitations = (citations: unknown, tally: Tally): void => {
  if (members(citations).enabled === true) tally.cites = true;
};

const addSearchResult: AddBlock = ({ title, source, content, citations }, tally) => {
  addCitations(citations, tally);
  addText(title, tally);
  addText(source, tally);
  addContent(content, tally);
};

const addDocument: AddBlock = ({ title, context, source, citations }, tally) => {
  addCitations(citations, tally);
  const { type, text: words, content, data, bytes } = members(source);
  addText(title, tally);
  addText(context, tally);
  addText(type === 'text' ? data : words, tally);
  if (content !== undefined) addContent(content, tally);
  else if (type !== 'text' && words === undefined) tally.added += pagesTokens(base64Length(data ?? bytes));
};

const blocks: Readonly<Record<string, AddBlock>> = {
  text: (_, tally, block) => addText(block.text, tally),
  thinking: addThinking,
  redacted_thinking: addThinking,
  reasoningContent: addReasoning,
  tool_use: addCall,
  toolUse: addCall,
  tool_result: addResult,
  toolResult: addResult,
  tool_reference: ({ tool_name: name }, tally) => {
    tally.loaded.add(String(name));
  },
  search_result: addSearchResult,
  searchResult: addSearchResult,
  image: addImage,
  document: addDocument,
  video: addImage,
  audio: addImage,
  cachePoint: nothing,
};

/** Bytes that a base64 text stands for. */
const base64Length = (value: unknown): number => (text(value)?.length ?? 0) * 0.75;
const bytesPerToken = 4;

/**
 * A page is an image and its text, up to 3,000 tokens, and a request has at most 100 of them
 * (https://platform.claude.com/docs/en/build-with-claude/pdf-support); how many there are is guessed from the size.
 */
const pagesTokens = (bytes: number): number => Math.min(300_000, 3000 + bytes / 20);
