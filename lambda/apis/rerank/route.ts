import type { Context } from 'hono';
import type { RerankEngine } from '../../engine/rerank.ts';
import { readBody } from '../shared/body.ts';
import type { GatewayEnv } from '../shared/env.ts';
import { gatewayHeaders } from '../shared/gateway-headers.ts';
import { withGuardrailHeaders } from '../shared/guardrail-asked.ts';
import { inClientWords, spelledNotes } from '../shared/spelling.ts';
import { spell } from './parameters.ts';
import { readParameters, translateDocuments } from './request.ts';
import { translateRanking } from './response.ts';

export interface RerankDeps {
  engine: RerankEngine;
  /** Refuse unknown parameters. */
  strict: boolean;
}

/** POST /rerank, of Cohere's first version and, where the path says so, of its second. */
export function rerank({ engine, strict }: RerankDeps) {
  return async (c: Context<GatewayEnv>): Promise<Response> => {
    const context = c.get('request');
    const given = withGuardrailHeaders(c.req.raw.headers, await readBody(c));
    const asked = readParameters(given, strict);
    const { model } = asked.parameters;
    context.trace.note({ api: 'rerank', stream: false, modelAsked: model });
    return inClientWords(spell, async () => {
      // No document is read for a caller who may not call the model.
      const plan = await engine.permit({ model }, context);
      const { request, echo } = translateDocuments(asked);
      const outcome = await engine.rerank(request, plan, context);
      const version = /\/v2\/+rerank\/*$/.test(new URL(c.req.url).pathname) ? '2' : '1';
      const body = translateRanking(outcome, { id: context.requestId, model, version, echo });
      return c.json(body, 200, gatewayHeaders(spelledNotes(outcome, spell), asked));
    });
  };
}
