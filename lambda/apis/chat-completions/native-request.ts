import { ByteBudget } from '../../bounds.ts';
import { isCachePoint } from '../../canonical/blocks.ts';
import { isObject, list, text } from '../../canonical/json.ts';
import type { NativeRequest, NativeSettings } from '../../canonical/native.ts';
import type { ContentBlock, JsonObject } from '../../canonical/types.ts';
import type { Lane } from '../../engine/types.ts';
import { badRequest } from '../../errors.ts';
import { techniqueMembers } from '../../techniques/recognise.ts';
import { inlined } from '../content/inlined.ts';
import { openId, openResultId } from '../reasoning/sealed-id.ts';
import type { Fields } from '../shared/json.ts';
import { bedrockParameters } from '../shared/schema.ts';
import { membersOnly, messageMembers, partMembers } from './message-members.ts';
import { formatOf } from './native-format.ts';
import type { AskedChat, ChatCall, TranslateOptions } from './request.ts';

/** Members of a client's body that are said in another way to the model, or to the gateway alone. */
const elsewhere: ReadonlySet<string> = new Set([
  'model',
  'messages',
  'models',
  'fallbacks',
  'stream',
  'stream_options',
  'usage',
  'n',
  'max_tokens',
  'reasoning',
  'thinking',
  'output_config',
  'enable_thinking',
  'thinking_budget',
  'chat_template_kwargs',
  'functions',
  'function_call',
  'metadata',
  'service_tier',
  'prompt_caching',
  'anthropic_beta',
  ...techniqueMembers,
  ...Object.keys(bedrockParameters),
]);

/** A request as it was read: the client's parameters, and what it is in the canonical shape. */
export interface ReadChat {
  asked: AskedChat;
  chat: ChatCall;
  options: TranslateOptions;
  lane: Lane | undefined;
}

/**
 * The client's own request for a model that speaks Chat Completions: its parameters as it wrote them, its messages
 * without what is the gateway's own in them, with images in place of their URLs, which Bedrock does not fetch. Undefined
 * where only Converse carries what is asked for. Throws a 400 for that where the client wants no other lane, and a 413
 * for media that are too much.
 */
export function nativeRequest({ asked, chat, options, lane }: ReadChat): NativeRequest | undefined {
  // Most chats ask for nothing of it, and their messages need not be gone through.
  if (lane !== 'native' && !mayAskForMore(asked, chat)) return undefined;
  const only = onlyByConverse(asked, chat);
  if (only !== undefined) {
    if (lane !== 'native') return undefined;
    throw badRequest(
      `Only Converse carries ${only}. Leave the header \`x-gateway-path\` out, or send it as \`converse\`.`,
    );
  }
  const { request } = asked;
  const { guardrailConfig, performanceConfig, requestMetadata, serviceTier } = chat.canonical.converse;
  const settings: NativeSettings = {
    ...(guardrailConfig && { guardrailConfig }),
    ...(performanceConfig && { performanceConfig }),
    ...(requestMetadata && { requestMetadata }),
    ...(serviceTier && { serviceTier }),
  };
  const given = Object.entries(request).filter(([name, value]) => value != null && !elsewhere.has(name));
  const {
    stop: _,
    tools,
    tool_choice: choice,
    response_format: format,
    ...parameters
  } = Object.fromEntries(given);
  const { stopSequences } = chat.canonical.converse.inferenceConfig ?? {};
  const effort = chat.canonical.intent.reasoning?.effort;
  const most = request.max_completion_tokens ?? request.max_tokens;
  const body = {
    ...parameters,
    messages: new Messages(options).read(request.messages ?? []),
    ...(Array.isArray(tools) && { tools: list(tools).map(toolOf) }),
    ...(choice !== undefined && { tool_choice: choice === 'any' ? 'required' : choice }),
    ...(format !== undefined && { response_format: formatOf(format) }),
    ...(stopSequences && { stop: stopSequences }),
    ...(effort && { reasoning_effort: effort }),
    ...(most != null && { max_completion_tokens: most }),
  } as JsonObject;
  return { api: 'chat', body, betas: [], settings };
}

/** Parameters for the sake of which a model is asked in this API (`fit/chat/asks-for-more.ts` knows which takes what). */
const worthwhile = [
  'logprobs',
  'logit_bias',
  'presence_penalty',
  'frequency_penalty',
  'temperature',
  'top_p',
  'verbosity',
  'response_format',
] as const;

function mayAskForMore({ request }: AskedChat, { canonical: { converse } }: ChatCall): boolean {
  return (
    worthwhile.some((name) => request[name as keyof typeof request] != null) ||
    converse.serviceTier !== undefined ||
    [...(converse.system ?? []), ...converse.messages.flatMap(({ content }) => content)].some(isCachePoint)
  );
}

/** What of a request the API has no place for on Bedrock, in words. */
function onlyByConverse(
  { request, modelFields }: AskedChat,
  { canonical, tools }: ChatCall,
): string | undefined {
  const { converse, intent } = canonical;
  const members = [
    'additionalModelRequestFields',
    'additionalModelResponseFieldPaths',
    'promptVariables',
  ] as const;
  const member = members.find((name) => converse[name] !== undefined);
  if (member || Object.keys(modelFields).length > 0) return `\`${member ?? 'extra_body'}\``;
  if ((request.n ?? 1) > 1) return 'several answers (`n`)';
  const { reasoning } = intent;
  if (reasoning?.budgetTokens !== undefined || reasoning?.thinking) return 'a thinking budget';
  if (tools.legacy || tools.custom.size > 0 || !list(request.tools).every(isFunction))
    return 'tools that are no functions';
  const { tool_choice: choice, response_format: format } = request;
  if (isObject(choice) && !isFunction(choice)) return '`tool_choice` of this type';
  if (format?.type === 'json_object' && format.schema != null) return '`response_format.schema`';
  const blocks = converse.messages.flatMap(({ content }) => content);
  if (!list(request.messages).every(isPlain) || blocks.some(isConverses)) return 'what `messages` holds';
  return converse.messages.length > 0 ? undefined : '`messages` of a managed prompt';
}

const isFunction = ({ type, function: called }: Fields): boolean => type === 'function' && isObject(called);

/** Without marks for a cache, which tools cannot have here. */
const toolOf = ({ function: called }: Fields): Fields => ({
  type: 'function',
  function: membersOnly(called as Fields, ['name', 'description', 'parameters', 'strict']),
});

/** No message of the older form. */
const isPlain = ({ role, function_call: called }: Fields): boolean => role !== 'function' && called == null;

/** Thoughts that the model takes back by Converse alone, texts that are marked for a guardrail. */
const isConverses = (block: ContentBlock): boolean => 'reasoningContent' in block || 'guardContent' in block;

/** The messages of a request on their way into its own API. */
class Messages {
  readonly #options: TranslateOptions;
  readonly #bytes = new ByteBudget();

  constructor(options: TranslateOptions) {
    this.#options = options;
    this.#bytes.spend(options.bodyBytes ?? 0);
  }

  read(messages: readonly unknown[]): Fields[] {
    return list(messages)
      .map((message, i) => this.#message(message, `messages[${i}]`))
      .filter(saysSomething);
  }

  #message(message: Fields, path: string): Fields {
    const read: Fields = {
      role: message.role,
      ...membersOnly(message, messageMembers[String(message.role)] ?? []),
    };
    const { stateKey } = this.#options;
    if (typeof read.tool_call_id === 'string') read.tool_call_id = openResultId(read.tool_call_id, stateKey);
    if (Array.isArray(read.content))
      read.content = read.content.map((part, j) => this.#part(part, `${path}.content[${j}]`));
    if (list(read.tool_calls).length > 0)
      read.tool_calls = list(read.tool_calls).map((call) => this.#call(call));
    else delete read.tool_calls;
    // A list of no parts is refused, and says nothing.
    if (isEmpty(read.content)) delete read.content;
    if (read.role === 'tool') read.content ??= '';
    return marked(message) ? withMark(read) : read;
  }

  #call({ id, function: called }: Fields): Fields {
    const { name, arguments: written } = isObject(called) ? called : {};
    // Streaming clients send nothing for a call without arguments.
    const given = text(written)?.trim() === '' ? '{}' : written;
    const own = openId(text(id) ?? '', this.#options.stateKey).toolUseId;
    return { id: own, type: 'function', function: { name, arguments: given } };
  }

  #part(given: unknown, path: string): unknown {
    if (!isObject(given)) return given;
    const part = { ...given, type: otherTypes[String(given.type)] ?? given.type };
    const shown = part.type === 'image_url' ? this.#image(part, path) : part;
    const allowed = partMembers[String(shown.type)];
    const kept: Fields = allowed ? membersOnly(shown, allowed) : shown;
    if (isObject(kept.file)) kept.file = membersOnly(kept.file, fileMembers);
    return marked(given) ? { ...kept, ...mark } : kept;
  }

  #image({ image_url: image, ...kept }: Fields, path: string): Fields {
    const { url, detail } = isObject(image) ? image : { url: image };
    const { fetched } = this.#options;
    const shown =
      typeof url === 'string'
        ? inlined(url, 'image', `${path}.image_url`, { fetched, bytes: this.#bytes })
        : url;
    return { ...kept, image_url: { url: shown, ...(details.has(detail) && { detail }) } };
  }
}

const isEmpty = (content: unknown): boolean => Array.isArray(content) && content.length === 0;

/** A message without content is none, unless it calls. */
const saysSomething = ({ content, refusal, tool_calls: calls }: Fields): boolean =>
  content !== undefined || refusal !== undefined || calls !== undefined;

/** How closely an image may be looked at. */
const details: ReadonlySet<unknown> = new Set(['auto', 'low', 'high', 'original']);
const fileMembers = ['file_data', 'file_id', 'filename'];

/** How clients of Responses call the same parts. */
const otherTypes: Readonly<Record<string, string>> = {
  input_text: 'text',
  output_text: 'text',
  input_image: 'image_url',
};

const mark = { prompt_cache_breakpoint: { mode: 'explicit' } };

/** Anthropic's way to say up to where a prompt may be cached, and OpenAI's. */
const marked = ({ cache_control: one, prompt_cache_breakpoint: other }: Fields): boolean =>
  isObject(one) || isObject(other);

/** The mark of a message stands on its last part. */
function withMark(message: Fields): Fields {
  const { content } = message;
  if (typeof content === 'string') return { ...message, content: [{ type: 'text', text: content, ...mark }] };
  if (!Array.isArray(content) || content.length === 0) return message;
  return { ...message, content: [...content.slice(0, -1), { ...(content.at(-1) as Fields), ...mark }] };
}
