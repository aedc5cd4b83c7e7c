import type { Context } from 'hono';
import * as v from 'valibot';
import { isObject } from '../../canonical/json.ts';
import type { JsonObject } from '../../canonical/types.ts';
import type { TokenCounter } from '../../engine/count-tokens.ts';
import { anthropicWording } from '../anthropic/reading.ts';
import { readBody } from '../shared/body.ts';
import type { GatewayEnv } from '../shared/env.ts';
import { gatewayHeaders } from '../shared/gateway-headers.ts';
import { plainBody } from '../shared/plain-body.ts';
import { modelName } from '../shared/schema.ts';
import type { TechniqueDeps } from '../shared/serve.ts';
import { validate } from '../shared/validate.ts';

const block = v.looseObject({ type: v.string() });
const content = v.union([v.string(), v.array(block)]);

/** Of whom it is asked. */
const modelSchema = v.looseObject({ model: modelName });

/**
 * What POST /messages/count_tokens has to be (https://platform.claude.com/docs/en/api/messages-count-tokens). Whatever
 * else it holds is counted as it is.
 */
const countSchema = v.looseObject({
  model: modelName,
  messages: v.pipe(
    v.array(v.looseObject({ role: v.picklist(['user', 'assistant', 'system']), content })),
    v.nonEmpty('it must not be empty'),
  ),
  system: v.nullish(content),
  tools: v.nullish(v.array(v.looseObject({}))),
});

/**
 * POST /messages/count_tokens. Clients decide by it when to shorten a conversation, so there is always a number:
 * Bedrock's own, or an estimate that says that it is one. A name with a technique is counted for the model behind it.
 */
export function countTokens({ counter, techniques }: { counter: TokenCounter; techniques: TechniqueDeps }) {
  return async (c: Context<GatewayEnv>): Promise<Response> => {
    const context = c.get('request');
    const given = await plainBody(await readBody(c), context.caller, techniques);
    const { model } = validate(modelSchema, given, anthropicWording);
    context.trace.note({ api: 'count_tokens', stream: false, modelAsked: model });
    // What else it asks for is looked at for whoever may ask.
    const plan = await counter.permit({ model }, context);
    const body = validate(countSchema, { ...given, messages: withContent(given.messages) }, anthropicWording);
    const request = { api: 'messages', body: body as JsonObject, betas: [], settings: {} } as const;
    const { tokens, estimated, target } = await counter.count(request, plan, context);
    context.trace.note({ modelUsed: target.id, region: target.region });
    const warnings = [...target.warnings, ...(estimated ? ['token count estimated'] : [])];
    return c.json(
      countOf(tokens, body.context_management),
      200,
      gatewayHeaders({ modelId: target.id }, { warnings }),
    );
  };
}

/** A system message that only orders something has no content. */
function withContent(messages: unknown): unknown {
  if (!Array.isArray(messages)) return messages;
  return messages.map((message: unknown) =>
    isObject(message) && message.role === 'system' && message.content == null
      ? { ...message, content: [] }
      : message,
  );
}

/** Nothing is edited before it is counted: whoever asks how much it was before hears the same number. */
function countOf(tokens: number, management: unknown) {
  const isEdited = typeof management === 'object' && management !== null;
  return {
    input_tokens: tokens,
    ...(isEdited && { context_management: { original_input_tokens: tokens } }),
  };
}
