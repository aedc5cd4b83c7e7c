import { Hono } from 'hono';
import { describe, expect, test } from 'vitest';
import { createModelsRoutes } from '../../../../lambda/apis/models/route.ts';
import type { GatewayEnv } from '../../../../lambda/apis/shared/env.ts';
import { isEntryInScope } from '../../../../lambda/engine/entry-in-scope.ts';
import { isInScope } from '../../../../lambda/engine/in-scope.ts';
import { GatewayError } from '../../../../lambda/errors.ts';
import { createRecorder } from '../../../../lambda/record-parts.ts';
import { createLogger } from '../../../../lambda/telemetry/logger.ts';
import { requestContext } from '../../../support/context.ts';
import { goldenCases } from '../../../support/golden.ts';
import { openAiBody } from '../../../support/openai-body.ts';
import { resolverWith } from '../../models/account.ts';

interface Case {
  note: string;
  path: string;
  headers?: Record<string, string>;
  /** What the key may use. */
  scope?: string[];
  settings?: Record<string, string>;
  fail?: Record<string, string>;
  expected: { status: number; warnings: string | null; body: unknown };
}

/** The routes as the app mounts them, for one key. */
function app({ scope, settings, fail }: Pick<Case, 'scope' | 'settings' | 'fail'>) {
  const { models, control } = resolverWith(settings, fail);
  const { listed: prices } = createRecorder({
    config: { prices: {}, metricsNamespace: undefined, metricModels: 0 },
    logger: createLogger('silent'),
    now: () => Date.UTC(2026, 10, 28),
  });
  const visible = { isVisible: isEntryInScope, isTargetAllowed: isInScope };
  const routes = createModelsRoutes({ models, ...visible, prices });
  const root = new Hono<GatewayEnv>();
  root.use(async (c, next) => {
    c.set('request', requestContext({ principal: { name: 'test', ...(scope && { models: scope }) } }));
    await next();
  });
  root.get('/v1/models', (c) => routes.list(c));
  root.get('/v1/models/:id{.+}', (c) => routes.show(c, c.req.param('id')));
  root.onError((error) => {
    if (!(error instanceof GatewayError)) throw error;
    return Response.json(openAiBody(error), { status: error.status });
  });
  return { root, control };
}

describe('GET /models', () => {
  test.each(goldenCases<Case>('models/list'))('$name', async ({ case: given }) => {
    const response = await app(given).root.request(given.path, { headers: given.headers });
    expect({
      status: response.status,
      warnings: response.headers.get('x-gateway-warnings'),
      body: await response.json(),
    }).toEqual(given.expected);
  });

  test('Anthropic’s pages, followed forwards and backwards, hold the whole list once', async () => {
    const { root } = app({});
    const headers = { 'anthropic-version': '2023-06-01' };
    const page = async (query: string) =>
      (await (await root.request(`/v1/models?limit=4${query}`, { headers })).json()) as {
        data: { id: string }[];
        has_more: boolean;
        first_id: string;
        last_id: string;
      };
    const whole = (await (await root.request('/v1/models')).json()) as { data: { id: string }[] };
    const ids = whole.data.map((model) => model.id);

    const forwards: string[] = [];
    let at = await page('');
    forwards.push(...at.data.map((model) => model.id));
    while (at.has_more) {
      at = await page(`&after_id=${encodeURIComponent(at.last_id)}`);
      forwards.push(...at.data.map((model) => model.id));
    }
    expect(forwards).toEqual(ids);

    const backwards = at.data.map((model) => model.id);
    do {
      at = await page(`&before_id=${encodeURIComponent(at.first_id)}`);
      backwards.unshift(...at.data.map((model) => model.id));
    } while (at.has_more);
    expect(backwards).toEqual(ids);
  });

  test('every id in the list can be asked for, encoded or not', async () => {
    const { root, control } = app({});
    const list = (await (await root.request('/v1/models')).json()) as { data: { id: string; arn: string }[] };
    for (const model of list.data) {
      for (const id of [model.id, model.arn, encodeURIComponent(model.id), encodeURIComponent(model.arn)]) {
        const response = await root.request(`/v1/models/${id}`);
        expect(response.status, id).toBe(200);
        expect(await response.json()).toEqual(model);
      }
    }
    expect(control.calls.list).toHaveLength(18);
  });

  test('many lists at once cost one round', async () => {
    const { root, control } = app({});
    await Promise.all(Array.from({ length: 20 }, () => root.request('/v1/models')));
    expect(control.calls.list).toHaveLength(18);
  });
});
