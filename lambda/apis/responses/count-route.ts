import type { Context } from 'hono';
import type { TokenCounter } from '../../engine/count-tokens.ts';
import { headerParameters } from '../shared/bedrock-headers.ts';
import { readSizedBody } from '../shared/body.ts';
import type { GatewayEnv } from '../shared/env.ts';
import { gatewayHeaders } from '../shared/gateway-headers.ts';
import { inClientWords } from '../shared/spelling.ts';
import { type ResponsesApiOptions, responses } from './create-api.ts';

/**
 * POST /responses/input_tokens (https://platform.openai.com/docs/api-reference/responses/input-tokens): how long a
 * request is for its model, by Bedrock where it counts for the model, else by the estimate that Messages has too. What
 * URLs point to is not fetched for it, so that such a request is estimated.
 */
export function inputTokens({ counter, ...options }: ResponsesApiOptions & { counter: TokenCounter }) {
  const api = responses(options);
  return async (c: Context<GatewayEnv>): Promise<Response> => {
    const context = c.get('request');
    const { fields, bytes: bodyBytes } = await readSizedBody(c);
    const { headers } = c.req.raw;
    const begun = api.begin({ ...headerParameters(headers), ...fields }, headers);
    context.trace.note({ api: 'responses.input_tokens', stream: false, modelAsked: begun.asked.model });
    return inClientWords(begun.spell, async () => {
      const plan = await counter.permit(begun.asked, context);
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
