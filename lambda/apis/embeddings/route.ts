import type { Context } from 'hono';
import type { EmbeddingsEngine } from '../../engine/embeddings.ts';
import { readBody } from '../shared/body.ts';
import type { GatewayEnv } from '../shared/env.ts';
import { gatewayHeaders } from '../shared/gateway-headers.ts';
import { withGuardrailHeaders } from '../shared/guardrail-asked.ts';
import type { ServeDeps } from '../shared/serve.ts';
import { inClientWords, spelledNotes } from '../shared/spelling.ts';
import { urlsIn } from './item.ts';
import { spell } from './parameters.ts';
import { readParameters, translateInput } from './request.ts';
import { translateEmbeddings } from './response.ts';
import { type DecodeTokens, loadDecoder } from './tokens.ts';

export interface EmbeddingsDeps {
  engine: EmbeddingsEngine;
  fetchMedia: ServeDeps['fetchMedia'];
  /** Refuse unknown parameters. */
  strict: boolean;
  /** Asked for only when tokens come instead of text. */
  decoder?: () => Promise<DecodeTokens>;
}

/** POST /embeddings. */
export function embeddings({ engine, strict, fetchMedia, decoder = loadDecoder }: EmbeddingsDeps) {
  return async (c: Context<GatewayEnv>): Promise<Response> => {
    const context = c.get('request');
    const { caller, lifetime } = context;
    const given = withGuardrailHeaders(c.req.raw.headers, await readBody(c));
    const begun = readParameters(given, strict);
    const { model } = begun.parameters;
    context.trace.note({ api: 'embeddings', stream: false, modelAsked: model });
    const { call, outcome } = await inClientWords(spell, async () => {
      // No token is decoded and no image fetched for a caller who may not call the model.
      const plan = await engine.permit({ model }, context);
      const urls = urlsIn(begun.parameters.input);
      const fetched = urls.length > 0 ? await fetchMedia(urls, caller, lifetime.signal) : undefined;
      const call = await translateInput(begun, decoder, fetched);
      return { call, outcome: await engine.embed(call.request, plan, context) };
    });
    const body = translateEmbeddings(outcome, outcome.model, call.encoding);
    return c.json(body, 200, gatewayHeaders(spelledNotes(outcome, spell), call));
  };
}
