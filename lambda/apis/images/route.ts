import type { Context } from 'hono';
import type { ImagesEngine } from '../../engine/images.ts';
import type { ImageTask } from '../../models/images/families.ts';
import { readBody } from '../shared/body.ts';
import type { GatewayEnv } from '../shared/env.ts';
import { gatewayHeaders } from '../shared/gateway-headers.ts';
import { withGuardrailHeaders } from '../shared/guardrail-asked.ts';
import { inClientWords, spelledNotes } from '../shared/spelling.ts';
import { type EditBody, readEdit } from './form.ts';
import { spell } from './parameters.ts';
import { readParameters, translateRequest } from './request.ts';
import { imageEvents, translateImages } from './response.ts';

export interface ImagesRouteDeps {
  engine: ImagesEngine;
  /** Refuse unknown parameters. */
  strict: boolean;
  /** Epoch milliseconds. */
  now: () => number;
}

/** POST /images/generations (`generate`) and POST /images/edits (`edit`). */
export function images({ engine, strict, now }: ImagesRouteDeps, task: ImageTask) {
  return async (c: Context<GatewayEnv>): Promise<Response> => {
    const context = c.get('request');
    const edit = task === 'edit' ? await readForm(c) : undefined;
    const fields = edit?.fields ?? (await readBody(c));
    const asked = readParameters(withGuardrailHeaders(c.req.raw.headers, fields), strict);
    const { model, stream } = asked.parameters;
    context.trace.note({ api: 'images', stream: stream ?? false, modelAsked: model });
    return inClientWords(spell, async () => {
      // No image is looked at for a caller who may not call the model.
      const plan = await engine.permit({ model }, context);
      const request = translateRequest(asked, task, edit);
      const outcome = await engine.draw(request, plan, context);
      const headers = gatewayHeaders(spelledNotes(outcome, spell), asked);
      const created = Math.floor(now() / 1000);
      if (!stream) return c.json(translateImages(outcome, created), 200, headers);
      return c.body(imageEvents(outcome, created, task), 200, {
        ...headers,
        'content-type': 'text/event-stream; charset=utf-8',
      });
    });
  };
}

/** Forms are bytes; the limit of a body has been checked. */
async function readForm(c: Context<GatewayEnv>): Promise<EditBody> {
  const parts: Uint8Array[] = [];
  for await (const part of c.req.raw.body ?? []) parts.push(part);
  return readEdit(Buffer.concat(parts), c.req.header('content-type') ?? '');
}
