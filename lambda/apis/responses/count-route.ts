import type { Context } from 'hono';
import type { TokenCounter } from '../../engine/count-tokens.ts';
import type { ChatApi } from '../api.ts';
import { headerParameters, withHeaders } from '../shared/bedrock-headers.ts';
import { readSizedBody } from '../shared/body.ts';
import type { GatewayEnv } from '../shared/env.ts';
import { gatewayHeaders } from '../shared/gateway-headers.ts';
import { plainBody } from '../shared/plain-body.ts';
import type { TechniqueDeps } from '../shared/serve.ts';
import { inClientWords } from '../shared/spelling.ts';
import type { ServedResponse } from './create-api.ts';

export interface InputTokensDeps {
  counter: TokenCounter;
  techniques: TechniqueDeps;
  /** How the request of a caller is read. */
  apiOf: (c: Context<GatewayEnv>) => Promise<ChatApi<ServedResponse>>;
}

/**
 * POST /responses/input_tokens (https://platform.openai.com/docs/api-reference/responses/input-tokens): how long a
 * request is for its model, by Bedrock where it counts for the model, else by the estimate that Messages has too. What
 * URLs point to is not fetched for it, so that such a request is estimated.
 */
export function inputTokens({ counter, techniques, apiOf }: InputTokensDeps) {
  return async (c: Context<GatewayEnv>): Promise<Response> => {
    const context = c.get('request');
    const { fields, bytes: bodyBytes } = await readSizedBody(c);
    const { headers } = c.req.raw;
    const api = await apiOf(c);
    const given = withHeaders(headerParameters(headers), fields);
    const asked = api.begin(await plainBody(given, context.caller, techniques), headers);
    context.trace.note({ api: 'responses.input_tokens', stream: false, modelAsked: asked.asked.model });
    return inClientWords(asked.spell, async () => {
      const plan = await counter.permit(asked.asked, context);
      const begun = (await asked.load?.()) ?? asked;
      const fetched = new Map(begun.urls.map((url) => [url, unseen]));
      const { model, ignored, warnings } = begun.read({ stateKey: c.get('stateKey')(), fetched, bodyBytes });
      const isWhole = begun.urls.length === 0;
      const { tokens, estimated, target } = await counter.countConversation(
        model.canonical(),
        isWhole,
        plan,
        context,
      );
      context.trace.note({ modelUsed: target.id, region: target.region });
      const notes = [...target.warnings, ...(estimated ? ['token count estimated'] : [])];
      const read = { ignored, warnings: [...warnings, ...notes] };
      const body = { object: 'response.input_tokens', input_tokens: tokens };
      return c.json(body, 200, gatewayHeaders({ modelId: target.id }, read));
    });
  };
}

/** In place of a file at a URL. */
const unseen = { mediaType: '', bytes: '' };
