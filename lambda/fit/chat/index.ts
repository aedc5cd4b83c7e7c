import { isObject, list } from '../../canonical/json.ts';
import type { NativeRequest } from '../../canonical/native.ts';
import type { Json, JsonObject } from '../../canonical/types.ts';
import { badRequest } from '../../errors.ts';
import { field, type Note, note, written } from '../../fields.ts';
import type { Capabilities } from '../../models/capabilities.ts';
import { type ChatTraits, chatDialects } from '../../models/families/chat-dialects.ts';
import { usualMaxTokens } from '../max-tokens.ts';
import { ignore, warn } from '../notes.ts';
import { nearestEffort, noteEffort, type WorkingEffort } from '../reasoning/effort.ts';
import type { NativeFitted } from '../types.ts';
import { isEmptyList, messagesOf, thinks } from './draft.ts';
import { converseBecause, needsConverse } from './needs-converse.ts';
import { quiet, withoutEffect } from './parameters.ts';

export { needsConverse };

/** Makes a client's own body acceptable to one model on Chat Completions. Pure. */
export function fitChat(request: NativeRequest, able: Capabilities): NativeFitted {
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

class Fitting {
  readonly warnings: Note[];
  readonly ignored: Note[];
  readonly #request: NativeRequest;
  readonly #able: Capabilities;
  readonly #traits: ChatTraits;

  constructor(request: NativeRequest, able: Capabilities) {
    this.#request = request;
    this.#able = able;
    this.#traits = chatDialects[able.chat ?? 'open'];
    this.warnings = (request.lost ?? []).map(written);
    this.ignored = (request.ignored ?? []).map(written);
  }

  body(): JsonObject {
    const effort = this.#effort();
    const left = Object.entries(this.#request.body).filter(([name, value]) => this.#keeps(name, value));
    const { reasoning_effort: _, max_completion_tokens: most, ...given } = Object.fromEntries(left);
    return {
      ...given,
      messages: this.#messages() as JsonObject[],
      ...this.#bounded(most),
      ...(effort !== undefined && { reasoning_effort: effort }),
      ...this.#tier(),
    };
  }

  #keeps(name: string, value: Json): boolean {
    if (value === null) return false;
    // A choice without tools to choose from is refused, and so is an empty list of them.
    if (name === 'tools' && isEmptyList(value)) return false;
    if (toolMembers.has(name) && list(this.#request.body.tools).length === 0) return false;
    const isLeftOut = this.#isRefused(name) || isTooLong(name, value);
    const effect = withoutEffect.get(name) ?? (isLeftOut ? 'named' : undefined);
    if (effect === 'named' && value !== quiet[name]) ignore(this, written(name));
    return effect === undefined;
  }

  #isRefused(name: string): boolean {
    const { refuses = [], refusesThinking = [], verbosity } = this.#traits;
    return (
      refuses.includes(name) ||
      (refusesThinking.includes(name) && thinks(this.#request.body)) ||
      (name === 'verbosity' && !verbosity) ||
      this.#able.chatRefused?.includes(name) === true ||
      // Members by which Bedrock is spoken to, of guardrails mostly.
      name.toLowerCase().startsWith('amazon-bedrock-')
    );
  }

  #bounded(most: Json | undefined): JsonObject {
    const { maxOutputTokens = Number.POSITIVE_INFINITY } = this.#able;
    // Bedrock reserves quota for the model's longest answer where none is bounded.
    const asked = typeof most === 'number' ? most : usualMaxTokens(this.#able);
    if (asked === undefined) return {};
    if (asked <= maxOutputTokens) return { max_completion_tokens: asked };
    warn(
      this,
      note`${field('maxTokens')} ${asked} lowered to ${maxOutputTokens} which is the most this model takes`,
    );
    return { max_completion_tokens: maxOutputTokens };
  }

  /** An effort that the model lacks becomes the nearest that it has; not to ask is how most do not think. */
  #effort(): string | undefined {
    const { reasoning_effort: wanted } = this.#request.body;
    const { reasoning } = this.#able;
    if (typeof wanted !== 'string') return undefined;
    if (reasoning.kind !== 'effort') {
      if (wanted !== 'none') ignore(this, 'reasoning.effort');
      return undefined;
    }
    if (reasoning.values.includes(wanted)) return wanted;
    if (wanted === 'none' && reasoning.canDisable) return undefined;
    const nearest = nearestEffort(
      (wanted === 'none' ? 'minimal' : wanted) as WorkingEffort,
      reasoning.values,
    );
    if (wanted === 'none')
      warn(this, note`reasoning effort none is not supported by this model: ${nearest} instead`);
    else noteEffort(this, wanted as WorkingEffort, nearest);
    return nearest;
  }

  /** Marks for the cache go to those that take them. */
  #messages() {
    if (this.#traits.cacheMarks) return messagesOf(this.#request.body);
    return messagesOf(this.#request.body).map((message) =>
      Array.isArray(message.content) ? { ...message, content: message.content.map(unmarked) } : message,
    );
  }

  #tier(): JsonObject {
    const { serviceTier } = this.#request.settings;
    return serviceTier && this.#traits.tiers.includes(serviceTier.type)
      ? { service_tier: serviceTier.type }
      : {};
  }
}

/** A name for the cache that is longer is refused; the cache does without. */
const longestCacheKey = 64;
const isTooLong = (name: string, value: Json): boolean =>
  name === 'prompt_cache_key' && typeof value === 'string' && value.length > longestCacheKey;

/** They say nothing without `tools`. */
const toolMembers: ReadonlySet<string> = new Set(['tool_choice', 'parallel_tool_calls']);

function unmarked(part: unknown): unknown {
  if (!isObject(part) || part.prompt_cache_breakpoint === undefined) return part;
  const { prompt_cache_breakpoint: _, ...rest } = part;
  return rest;
}
