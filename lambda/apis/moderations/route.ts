import type { Context } from 'hono';
import type { ModerationsEngine } from '../../engine/moderations.ts';
import { unsupported } from '../shared/bad-request.ts';
import { readBody } from '../shared/body.ts';
import type { GatewayEnv } from '../shared/env.ts';
import { gatewayHeaders } from '../shared/gateway-headers.ts';
import { ignoredParameters } from '../shared/parameters.ts';
import type { ServeDeps } from '../shared/serve.ts';
import { validate } from '../shared/validate.ts';
import { imageIn, readInputs, urlsIn } from './input.ts';
import { parameters } from './parameters.ts';
import { moderationResult } from './response.ts';
import { moderationsSchema } from './schema.ts';

export interface ModerationsDeps {
  engine: ModerationsEngine;
  fetchMedia: ServeDeps['fetchMedia'];
  /** Refuse unknown parameters. */
  strict: boolean;
}

/** POST /moderations. */
export function moderations({ engine, fetchMedia, strict }: ModerationsDeps) {
  return async (c: Context<GatewayEnv>): Promise<Response> => {
    const context = c.get('request');
    const { requestId, caller, lifetime, trace } = context;
    const body = await readBody(c);
    const { model, input } = validate(moderationsSchema, body);
    const ignored = ignoredParameters(body, parameters, strict);
    trace.note({ api: 'moderations', stream: false, ...(model != null && { modelAsked: model }) });
    // Nothing is fetched for a caller who may not ask.
    const moderator = engine.permit(model ?? undefined, context);
    const image = imageIn(input);
    if (image !== undefined && !moderator.guardrail) throw imagesNeedGuardrail(image);
    const urls = urlsIn(input);
    const fetched = urls.length > 0 ? await fetchMedia(urls, caller, lifetime.signal) : new Map();
    const { inputs, kinds } = readInputs(input, fetched);
    const found = await engine.moderate(inputs, moderator, context);
    const results = found.map((findings, i) => moderationResult(findings, kinds[i] ?? []));
    return c.json(
      { id: `modr-${requestId}`, model: moderator.name, results },
      200,
      // The id of a guardrail that is enforced may be an ARN, and is the operator's.
      gatewayHeaders({ modelId: moderator.guardrail ? 'guardrail' : 'guardrail-checks' }, { ignored }),
    );
  };
}

const imagesNeedGuardrail = (path: string) =>
  unsupported(
    `'${path}' is an image, and Bedrock's checks look at texts alone: images need a guardrail, enforced by GUARDRAIL or the ` +
      'key, or named as the model.',
    path,
  );
