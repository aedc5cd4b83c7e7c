import type { Context } from 'hono';
import { estimateInputTokens } from '../../canonical/input-tokens/estimate.ts';
import type { Engine } from '../../engine/types.ts';
import { headerParameters } from '../shared/bedrock-headers.ts';
import { readSizedBody } from '../shared/body.ts';
import type { GatewayEnv } from '../shared/env.ts';
import { gatewayHeaders } from '../shared/gateway-headers.ts';
import { inClientWords } from '../shared/spelling.ts';
import { type ResponsesApiOptions, responses } from './create-api.ts';

/**
 * POST /responses/input_tokens (https://platform.openai.com/docs/api-reference/responses/input-tokens): how long a
 * request is for its model, as the estimate that Messages has too; what URLs point to is not fetched for it.
 */
export function inputTokens({
  engine,
  ...options
}: ResponsesApiOptions & { engine: Pick<Engine, 'permit'> }) {
  const api = responses(options);
  return async (c: Context<GatewayEnv>): Promise<Response> => {
    const context = c.get('request');
    const { fields, bytes: bodyBytes } = await readSizedBody(c);
    const { headers } = c.req.raw;
    const begun = api.begin({ ...headerParameters(headers), ...fields }, headers);
    context.trace.note({ api: 'responses.input_tokens', stream: false, modelAsked: begun.asked.model });
    return inClientWords(begun.spell, async () => {
      const { steps } = await engine.permit(begun.asked, context);
      const fetched = new Map(begun.urls.map((url) => [url, unseen]));
      const { model, ignored, warnings } = begun.read({ stateKey: c.get('stateKey')(), fetched, bodyBytes });
      const tokens = estimateInputTokens(
        model.canonical().converse,
        steps[0]?.resolved?.capabilities.tokenizer,
      );
      const read = { ignored, warnings: [...warnings, 'token count estimated'] };
      return c.json({ object: 'response.input_tokens', input_tokens: tokens }, 200, gatewayHeaders({}, read));
    });
  };
}

/** In place of a file at a URL. */
const unseen = { mediaType: '', bytes: '' };
