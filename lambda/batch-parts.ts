import type { Context } from 'hono';
import type { BatchedApi, BatchingDeps } from './apis/batching/deps.ts';
import type { AnyChatApi } from './apis/batching/request.ts';
import type { GatewayEnv } from './apis/shared/env.ts';
import type { ControlPlane } from './bedrock/control-plane.ts';
import type { Config } from './config.ts';
import { GatewayError } from './errors.ts';
import type { Resolver } from './models/resolve/resolve.ts';
import type { Clock } from './policy/clock.ts';

/** What files and batches are made of: put together when one of them is first asked for. */
export interface BatchParts {
  config: Config;
  resolver: Resolver;
  controlPlane: () => Promise<ControlPlane>;
  clock: Clock;
}

type Handler = (c: Context<GatewayEnv>) => Promise<Response>;

/** Every route of files and batches, by its method and what stands below the base. */
type Routes = Readonly<Record<string, Handler>>;

/** Answers every route of files and batches. Rejects with a 503 where the stack has none of what they need. */
export async function createBatchRoutes(parts: BatchParts): Promise<Handler> {
  const { batchSettings } = await import('./batches/settings.ts');
  const settings = batchSettings(parts.config);
  const deps = await batchingDeps(parts, settings);
  const messages = deps.messages;
  const [files, batches, results, messageBatches] = await Promise.all([
    import('./apis/files/route.ts'),
    import('./apis/batches/route.ts'),
    import('./apis/batches/results.ts'),
    import('./apis/messages-batches/route.ts'),
  ]);
  const ofFiles = files.createFilesRoutes(deps, results.createResultFiles(deps));
  const ofBatches = batches.createBatchesRoutes(deps);
  const ofMessages = messageBatches.createMessageBatchesRoutes(deps, messages);
  const routes: Routes = {
    'POST files': ofFiles.create,
    'GET files': ofFiles.list,
    'GET files/:id': ofFiles.show,
    'DELETE files/:id': ofFiles.remove,
    'GET files/:id/content': ofFiles.content,
    'POST batches': ofBatches.create,
    'GET batches': ofBatches.list,
    'GET batches/:id': ofBatches.show,
    'POST batches/:id/cancel': ofBatches.cancel,
    'POST messages/batches': ofMessages.create,
    'GET messages/batches': ofMessages.list,
    'GET messages/batches/:id': ofMessages.show,
    'DELETE messages/batches/:id': ofMessages.remove,
    'POST messages/batches/:id/cancel': ofMessages.cancel,
    'GET messages/batches/:id/results': ofMessages.results,
  };
  return async (c) => {
    // Anybody can make up AWS credentials, and the bucket is the gateway's.
    if (c.get('request').caller.keyless)
      throw new GatewayError({
        status: 403,
        reason: 'forbidden',
        message: 'Files and batches are kept for callers with an API key of this gateway alone.',
      });
    const handler = routes[routeOf(c.req.method, c.req.path)];
    if (!handler) throw new Error(`no route of batches: ${c.req.method} ${c.req.path}`);
    return handler(c);
  };
}

/** The router has found the path; which of these it is stands at its end. */
function routeOf(method: string, path: string): string {
  const [, resource = '', id, action] =
    /\/(messages\/batches|batches|files)(?:\/([^/]+))?(?:\/(\w+))?$/.exec(path) ?? [];
  return `${method} ${resource}${id === undefined ? '' : '/:id'}${action === undefined ? '' : `/${action}`}`;
}

async function batchingDeps(
  { config, resolver, controlPlane, clock }: BatchParts,
  settings: ReturnType<typeof import('./batches/settings.ts')['batchSettings']>,
): Promise<BatchingDeps & { messages: BatchedApi }> {
  const [{ createBatches }, { createBuckets }, { invocationJobs }, { batchRecord }] = await Promise.all([
    import('./batches/batches.ts'),
    import('./bedrock/s3.ts'),
    import('./bedrock/invocation-jobs.ts'),
    import('./engine/batch-record.ts'),
  ]);
  const [chat, responses, messages] = await Promise.all([
    import('./apis/chat-completions/api.ts'),
    import('./apis/responses/route.ts'),
    import('./apis/messages/api.ts'),
  ]);
  const { strictParameters: strict, reasoningFields } = config;
  const buckets = createBuckets(settings.region);
  const batched = (api: unknown, member: BatchedApi['member']): BatchedApi => ({
    api: api as AnyChatApi,
    member,
  });
  return {
    batches: createBatches({
      config,
      resolver,
      settings,
      region: settings.region,
      bucket: buckets.bucket(settings.bucket),
      otherBucket: buckets.bucket,
      jobs: invocationJobs(async () => (await controlPlane()).client(settings.region)),
      now: clock.now,
    }),
    // What a key enforces has been looked at when the batch was made; a guardrail that came later has no say in it. Its
    // metadata are tags of the job.
    record(request, target, { principal: { guardrail: _, metadata: __, ...principal } }) {
      const rules = { principal, guardrail: undefined, promptCaching: 'off', nativeOpenAi: false } as const;
      return batchRecord(request, target, rules);
    },
    aliases: config.aliases,
    endpoints: new Map([
      ['/v1/chat/completions', batched(chat.chatCompletions({ strict, reasoningFields }), 'messages')],
      ['/v1/responses', batched(responses.responses({ strict }), 'input')],
    ]),
    messages: batched(messages.messages({ strict }), 'messages'),
    strict,
    now: clock.now,
  };
}
