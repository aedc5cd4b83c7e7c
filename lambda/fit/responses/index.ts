import { isObject, list } from '../../canonical/json.ts';
import type { NativeRequest } from '../../canonical/native.ts';
import type { Json, JsonObject } from '../../canonical/types.ts';
import { badRequest } from '../../errors.ts';
import { field, type Note, note, written } from '../../fields.ts';
import type { Capabilities } from '../../models/capabilities.ts';
import { nearestEffort } from '../reasoning/effort.ts';
import type { NativeFitted } from '../types.ts';
import { mostMarks, withMarks } from './cache-marks.ts';
import { acceptedItem, acceptedItems } from './items.ts';
import { isOdd } from './odd-input.ts';
import { withoutEffect } from './parameters.ts';
import { acceptedFormat, hasLooseSchema } from './text-format.ts';
import { acceptedChoice } from './tool-choice.ts';
import { acceptedTools, isCarriedOut, listsOfTools } from './tools.ts';

/**
 * What OpenAI's Responses on the runtime cannot do and Converse can, in words; undefined: nothing. A guardrail comes
 * first: its headers are ignored there without a word, and the answer would be an unguarded one
 * (https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-use.html). Metadata are recorded with calls of Converse
 * alone, and so that a key's own are not lost, its calls stay there.
 */
function converseBecause({ body, settings }: NativeRequest, able: Capabilities): Note | undefined {
  if (settings.guardrailConfig) return note`a guardrail (${field('guardrailConfig')})`;
  if (settings.performanceConfig) return written('performanceConfig');
  if (settings.requestMetadata) return field('requestMetadata');
  if (!able.responses?.files && hasFiles(body)) return written('input_file');
  if (settings.stopSequences) return field('stopSequences');
  // What the prompt does not speak of, Converse's means ask for.
  if (isJsonUnsaid(body) || hasLooseSchema(body)) return field('outputFormat');
  if (isOdd(body))
    return note`what ${field('messages')} or ${field('tools')} holds (calls without results, names or ids that are none there)`;
  return isCarriedOut(body) ? undefined : note`what ${field('tools')} holds (shells)`;
}

/** JSON without a schema is refused where no text has the word. */
const isJsonUnsaid = ({ text, instructions, input }: JsonObject): boolean =>
  isObject(text) &&
  isObject(text.format) &&
  text.format.type === 'json_object' &&
  ![instructions, input, ...list(input).flatMap(textsIn)].some(
    (said) => typeof said === 'string' && /json/i.test(said),
  );

const textsIn = ({ content }: Readonly<Record<string, unknown>>): unknown[] =>
  typeof content === 'string' ? [content] : list(content).map(({ text }) => text);

export const needsConverse = (request: NativeRequest, able: Capabilities): boolean =>
  converseBecause(request, able) !== undefined;

/** What a model does not read, the gateway may be able to put into words. */
const hasFiles = ({ input }: JsonObject): boolean =>
  list(input).some(({ content, output }) =>
    [...list(content), ...list(output)].some(({ type }) => type === 'input_file'),
  );

/** Makes a client's own body acceptable to one model on Responses. Pure. */
export function fitResponses(request: NativeRequest, able: Capabilities): NativeFitted {
  const why = converseBecause(request, able);
  if (why) {
    throw badRequest(
      note`Only Converse carries ${why}. Leave the header \`x-gateway-path\` out, or send it as \`converse\`.`,
    );
  }
  const fitting = new Fitting(request, able);
  const body = fitting.body();
  const { warnings, ignored } = fitting;
  return { native: { ...request, body }, warnings, ignored };
}

/** Members by which Bedrock is spoken to in bodies of InvokeModel: of guardrails, mostly. */
const isBedrocks = (name: string): boolean => name.toLowerCase().startsWith('amazon-bedrock-');

/** The one time that a prompt is kept for there. */
const longestTtl = '30m';

/** A name for the cache that is longer is refused; the cache does without. */
const longestCacheKey = 64;
const isTooLong = (name: string, value: Json): boolean =>
  name === 'prompt_cache_key' && typeof value === 'string' && value.length > longestCacheKey;

/** Its name now, and its earlier one. */
const summaries: ReadonlySet<string> = new Set(['summary', 'generate_summary']);

const isFilled = (tools: unknown): boolean => Array.isArray(tools) && tools.length > 0;

/** The least that Responses takes. */
const leastOutputTokens = 16;

class Fitting {
  readonly warnings: Note[];
  readonly ignored: Note[];
  readonly #request: NativeRequest;
  readonly #able: Capabilities;

  constructor(request: NativeRequest, able: Capabilities) {
    this.#request = request;
    this.#able = able;
    this.warnings = (request.lost ?? []).map(written);
    this.ignored = (request.ignored ?? []).map(written);
  }

  body(): JsonObject {
    const { refused = [] } = this.#able.responses ?? {};
    const left = Object.entries(this.#request.body).filter(([name, value]) => {
      if (value === null) return false;
      const drops =
        withoutEffect.has(name) || refused.includes(name) || isBedrocks(name) || isTooLong(name, value);
      if (drops && withoutEffect.get(name) !== 'silently') this.ignored.push(written(name));
      return !drops;
    });
    const whole = left.map(([name, value]) => [name, this.#withoutRefused(name, value)] as const);
    const { input, tools, tool_choice: choice, include, ...given } = Object.fromEntries(whole);
    const offered = Array.isArray(tools) ? this.#accepted(tools, 'tools') : [];
    const items = input === undefined ? undefined : this.#input(input);
    // A choice among tools of which none is left would be refused.
    const isLeft = offered.length > 0 || listsOfTools({ input: items ?? [] }).some(isFilled);
    return {
      ...this.#bounded(given),
      ...(items !== undefined && { input: items }),
      ...(offered.length > 0 && { tools: this.#loosened(offered) }),
      ...(choice !== undefined && isLeft && { tool_choice: acceptedChoice(choice) }),
      ...this.#text(given.text),
      ...this.#reasoning(given.reasoning),
      // Nothing is stored, so what the model thought has to travel with the client.
      include: [...new Set(['reasoning.encrypted_content', ...(Array.isArray(include) ? include : [])])],
      ...this.#tier(),
      store: false,
    };
  }

  /** An object without those of its members that the model has refused, or does not know how long to keep. */
  #withoutRefused(object: string, value: Json): Json {
    const { refused = [] } = this.#able.responses ?? {};
    if (!isObject(value)) return value;
    const isRefused = (name: string, each: unknown) =>
      refused.includes(`${object}.${name}`) ||
      (object === 'prompt_cache_options' && name === 'ttl' && each !== longestTtl);
    const dropped = Object.entries(value).filter(([name, each]) => isRefused(name, each));
    if (dropped.length === 0) return value;
    for (const [name] of dropped) this.ignored.push(written(`${object}.${name}`));
    const names = new Set(dropped.map(([name]) => name));
    return Object.fromEntries(Object.entries(value).filter(([name]) => !names.has(name))) as JsonObject;
  }

  /** What is to be kept strictly, without that, where the model refuses it. */
  #loosened(strict: Json[]): Json[] {
    if (this.#able.responses?.refusesStrict !== true) return strict;
    return strict.map((each) =>
      isObject(each) && each.strict === true ? ({ ...each, strict: false } as JsonObject) : each,
    );
  }

  #text(given: Json | undefined): JsonObject {
    if (!isObject(given) || !isObject(given.format))
      return given === undefined ? {} : { text: given as Json };
    const [format] = this.#loosened([acceptedFormat(given.format as JsonObject)]);
    return { text: { ...given, format } as JsonObject };
  }

  #bounded({
    temperature,
    top_p,
    max_output_tokens: most,
    reasoning: _,
    text: __,
    ...given
  }: JsonObject): JsonObject {
    const { refusesSampling, maxOutputTokens = Number.POSITIVE_INFINITY } = this.#able;
    const limit =
      typeof most === 'number' ? Math.min(Math.max(most, leastOutputTokens), maxOutputTokens) : most;
    if (limit !== most) {
      this.warnings.push(
        note`${field('maxTokens')} ${String(most)} became ${String(limit)}: the model takes no other`,
      );
    }
    // OpenAI's default for both is 1: no one needs to hear that it was left out.
    if (refusesSampling && temperature !== undefined && temperature !== 1)
      this.ignored.push(field('temperature'));
    if (refusesSampling && top_p !== undefined && top_p !== 1) this.ignored.push(field('topP'));
    return {
      ...given,
      ...(!refusesSampling && temperature !== undefined && { temperature }),
      ...(!refusesSampling && top_p !== undefined && { top_p }),
      ...(limit !== undefined && { max_output_tokens: limit }),
    };
  }

  #input(input: JsonObject[string]): JsonObject[string] {
    if (!Array.isArray(input)) return input;
    const isGpt = this.#able.responses?.forOthers === true;
    const { items: marked, dropped } = withMarks(input);
    if (dropped > 0)
      this.warnings.push(
        note`${String(dropped)} marks for the cache were left out: the model takes ${String(mostMarks)}, and the last were kept`,
      );
    const items = acceptedItems(marked, {
      encryptedMessages: isGpt,
      encrypted: this.#able.responses?.refusesReasoning !== true,
    });
    return items.map((item) => acceptedItem(item, (tools, path) => this.#accepted(tools, path)));
  }

  #accepted(tools: readonly JsonObject[string][], path: string) {
    const { accepted, dropped, hadMarks } = acceptedTools(tools, path);
    this.ignored.push(...dropped.map(written));
    if (hadMarks) this.ignored.push(field('cachePoint'));
    return accepted;
  }

  /** An effort that the model lacks becomes the nearest that it has. */
  #reasoning(given: JsonObject[string] | undefined): JsonObject {
    if (!isObject(given)) return {};
    // Not to ask for one is how none is asked for.
    const all = Object.fromEntries(
      Object.entries(given).filter(([name, value]) => !(summaries.has(name) && value === 'none')),
    ) as JsonObject;
    const { effort, ...rest } = all;
    const { reasoning } = this.#able;
    if (typeof effort !== 'string' || reasoning.kind !== 'effort' || reasoning.values.includes(effort))
      return Object.keys(all).length > 0 ? { reasoning: all } : {};
    const wanted = effort === 'none' ? 'minimal' : effort;
    const nearest = nearestEffort(wanted as Parameters<typeof nearestEffort>[0], reasoning.values);
    this.warnings.push(
      note`${field('reasoning.effort')} ${effort} became ${nearest}: the model has no such effort`,
    );
    return { reasoning: { ...rest, effort: nearest } };
  }

  #tier(): JsonObject {
    const { serviceTier } = this.#request.settings;
    if (!serviceTier) return {};
    if (this.#able.responses?.tiers.includes(serviceTier.type)) return { service_tier: serviceTier.type };
    this.ignored.push(field('serviceTier'));
    return {};
  }
}
