import { wordTokens } from '../estimate.ts';
import { isObject, list, type Members, members, text } from '../json.ts';
import { type Counting, counting, type Tokenizer } from './counting.ts';
import { fileTokens, imageTokens, packedTokens, recordingTokens } from './media.ts';

/**
 * About how many tokens a model will count for a request, in Converse's shape or as a body of the Messages API. One
 * pass over its texts; always more than 0. Absent: of a model that is not known yet, the tokenizer that comes to most.
 */
export function estimateInputTokens(request: object, tokenizer: Tokenizer = 'claude-4.7'): number {
  const asked = request as Members;
  const tally: Tally = {
    words: 0,
    added: 0,
    cites: false,
    loaded: new Set(),
    own: counting[tokenizer],
  };
  addConversation(asked, tally);
  addTools(asked, tally);
  addOptions(asked, tally);
  return Math.ceil(tally.words * tally.own.scale + tally.added);
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

function addConversation({ system, messages }: Members, tally: Tally): void {
  const turns = list(messages);
  addContent(system, tally);
  for (const { content } of turns) addContent(content, tally);
  const { request, message, citations } = tally.own;
  tally.added += request + message * Math.max(0, turns.length - 1);
  if (tally.cites) tally.added += citations;
}

function addTools({ tools, toolConfig }: Members, tally: Tally): void {
  const given = list(tools ?? members(toolConfig).tools);
  if (given.length > 0) tally.added += tally.own.tools;
  for (const { cache_control: _, cachePoint, defer_loading: deferred, ...tool } of given) {
    // What a deferred tool says is read only when a result has loaded it.
    const isRead = cachePoint === undefined && (deferred !== true || tally.loaded.has(String(tool.name)));
    if (isRead) addJson(isObject(tool.toolSpec) ? tool.toolSpec : tool, tally);
  }
}

/** What a request says to the model beside the conversation. */
function addOptions(asked: Members, tally: Tally): void {
  const { own } = tally;
  const { reasoning_config: config, reasoningConfig, ...more } = members(asked.additionalModelRequestFields);
  const thinking = members(asked.thinking ?? more.thinking ?? config ?? reasoningConfig);
  if (Object.keys(thinking).length > 0 && thinking.type !== 'disabled') tally.added += own.thinking;
  const choice = members(asked.tool_choice ?? members(asked.toolConfig).toolChoice);
  const isForced = [choice.type, ...Object.keys(choice)].some((kind) => kind === 'any' || kind === 'tool');
  if (isForced) tally.added += own.forced;
  const format = members(asked.output_config).format ?? members(asked.outputConfig).textFormat;
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

/** A block of Converse is named by its one member, one of the Messages API by its type. */
function addBlock(block: Members, tally: Tally): void {
  const type = text(block.type);
  const [name = '', inner] = type === undefined ? (Object.entries(block)[0] ?? []) : [type, block];
  const add = Object.hasOwn(blocks, name) ? blocks[name] : undefined;
  if (add) add(members(inner), tally, block);
  else addJson(inner, tally);
}

type AddBlock = (inner: Members, tally: Tally, block: Members) => void;

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
  else tally.added += packedTokens(signature ?? data);
};

const addReasoning: AddBlock = ({ reasoningText, redactedContent }, tally, block) => {
  const { text: thinking, signature } = members(reasoningText);
  addThinking({ thinking, signature, data: redactedContent }, tally, block);
};

const addSource: AddBlock = ({ title, source, context, content, citations }, tally) => {
  if (members(citations).enabled === true) tally.cites = true;
  tally.added += tally.own.document;
  for (const words of [title, source, context]) addText(words, tally);
  addContent(content, tally);
};

const addDocument: AddBlock = (document, tally, block) => {
  const { type, text: words, content, data } = members(document.source);
  const said = type === 'text' ? data : words;
  addSource(document, tally, block);
  addText(said, tally);
  addContent(content, tally);
  if (said === undefined && content === undefined) tally.added += fileTokens(document);
};

const addRecording: AddBlock = (_, tally) => {
  tally.added += recordingTokens;
};

/** Of a data URL what it holds, as Chat Completions has images and files. */
const dataIn = (url: unknown) => ({ data: text(url)?.replace(/^data:[^,]{0,100},/, '') });

const blocks: Readonly<Record<string, AddBlock>> = {
  text: (_, tally, { text: words }) => addText(words, tally),
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
  search_result: addSource,
  searchResult: addSource,
  document: addDocument,
  image: (image, tally) => {
    tally.added += imageTokens(image, tally.own);
  },
  image_url: ({ image_url: image }, tally) => {
    const url = isObject(image) ? image.url : image;
    tally.added += imageTokens({ source: dataIn(url) }, tally.own);
  },
  file: ({ file }, tally) => {
    tally.added += fileTokens({ source: dataIn(members(file).file_data) });
  },
  video: addRecording,
  audio: addRecording,
  cachePoint: () => {},
};
