import { describe, expect, test } from 'vitest';
import { meteredAssess, meteredEmbed } from '../../../lambda/accounting/metered-embed.ts';
import type { Assess } from '../../../lambda/backends/guardrail/apply-guardrail.ts';
import { bounds } from '../../../lambda/bounds.ts';
import { type Config, readConfig } from '../../../lambda/config.ts';
import { createEmbeddingsEngine, type EmbeddingsRequest } from '../../../lambda/engine/embeddings.ts';
import type { RequestContext } from '../../../lambda/engine/types.ts';
import { GatewayError, type Reason } from '../../../lambda/errors.ts';
import { field } from '../../../lambda/fields.ts';
import type { EmbedCall, Embedded } from '../../../lambda/models/embeddings/contract.ts';
import { capabilitiesOf } from '../../../lambda/models/families/capabilities-of.ts';
import { baseModelId } from '../../../lambda/models/names/model-id.ts';
import type { Target } from '../../../lambda/models/target.ts';
import { createCooldown } from '../../../lambda/policy/cooldown.ts';
import { requestContext } from '../../support/context.ts';
import { fakeClock } from '../policy/fake-clock.ts';

const titan = 'amazon.titan-embed-text-v2:0';
const cohere = 'cohere.embed-english-v3';

function target(id: string, more: Partial<Target> = {}): Target {
  const underlying = id.startsWith('arn:') ? undefined : baseModelId(id);
  return {
    asked: id,
    id,
    region: 'us-east-1',
    backend: 'converse',
    capabilities: capabilitiesOf(id),
    reportAs: id,
    warnings: [],
    ...(underlying && { underlying }),
    ...more,
  };
}

function failure(reason: Reason, more = {}): GatewayError {
  return new GatewayError({ status: 400, reason, message: reason, ...more });
}

/** Vectors that tell which text they are of. */
const vectorOf = (text: string) => [text.length, 0];
const answer = ({ texts }: EmbedCall): Embedded => ({
  vectors: texts.map(vectorOf),
  inputTokens: texts.length,
  requestId: `r-${texts[0]}`,
});

interface Setup {
  embed?: (call: EmbedCall) => Promise<Embedded>;
  resolve?: (name: string, options?: { region?: string }) => Promise<Target>;
  afterRefusal?: (target: Target, error: GatewayError) => Promise<Target | undefined>;
  maxAttempts?: number;
  config?: Partial<Config>;
  assess?: Assess;
}

function engine({ embed, resolve, afterRefusal, maxAttempts = 3, config = {}, assess }: Setup = {}) {
  const clock = fakeClock();
  const { permit, embed: run } = createEmbeddingsEngine({
    config: {
      ...readConfig({ AWS_REGION: 'us-east-1' }),
      maxAttempts,
      notReadyWaitMs: 0,
      ...config,
    },
    resolver: {
      resolve: resolve ?? (async (name) => target(name)),
      afterRefusal: afterRefusal ?? (async () => undefined),
    },
    embed: meteredEmbed(embed ?? (async (call) => answer(call)), clock.now),
    assess: meteredAssess(assess ?? (() => expect.fail('there is no guardrail')), clock.now),
    cooldown: createCooldown({ now: clock.now }),
    clock,
  });
  return {
    /** As the API asks: the model is permitted before anything else is done. */
    run: async (request: EmbeddingsRequest, context: RequestContext = requestContext()) =>
      run(request, await permit({ model: request.model }, context), context),
    clock,
  };
}

const texts = (count: number) => Array.from({ length: count }, (_, i) => 'x'.repeat(i + 1));
const ask = (model: string, more: Partial<EmbeddingsRequest> = {}) => ({ model, texts: ['one'], ...more });

describe('a name that is looked up for longer than the request may take', () => {
  const never = () => new Promise<Target>(() => {});
  const late = { reason: 'deadline' };

  test('when it is permitted', async () => {
    const { run } = engine({ resolve: never });
    await expect(run(ask(titan), requestContext({ deadline: 5 }))).rejects.toMatchObject(late);
  });

  test('when its step begins', async () => {
    const { run } = engine({
      embed: () => Promise.reject(failure('overloaded')),
      resolve: async (name) => (name === titan ? target(titan) : never()),
      config: { fallbacks: { ...readConfig({}).fallbacks, models: { [titan]: [cohere] } } },
    });
    await expect(run(ask(titan), requestContext({ deadline: 5 }))).rejects.toMatchObject(late);
  });
});

describe('batches', () => {
  test.each([
    [titan, 5, [1, 1, 1, 1, 1]],
    [cohere, 96, [96]],
    [cohere, 200, [96, 96, 8]],
  ])('%s takes %i texts in calls of %j, in order', async (model, count, sizes) => {
    const calls: EmbedCall[] = [];
    const { run } = engine({
      embed: async (call) => {
        calls.push(call);
        // Later calls answer first.
        await new Promise((resolve) => setTimeout(resolve, 10 - calls.length));
        return answer(call);
      },
    });
    const all = texts(count);
    const { vectors, usage } = await run(ask(model, { texts: all }), requestContext());
    expect(calls.map((call) => call.texts.length)).toEqual(sizes);
    expect(vectors).toEqual(all.map(vectorOf));
    expect(usage).toEqual({ tokens: count, estimated: false });
  });

  test('some calls at a time, never more', async () => {
    let open = 0;
    let most = 0;
    const { run } = engine({
      embed: async (call) => {
        open += 1;
        most = Math.max(most, open);
        await new Promise(setImmediate);
        open -= 1;
        return answer(call);
      },
    });
    await run(ask(titan, { texts: texts(50) }), requestContext());
    expect(most).toBe(8);
  });

  test('the first failure ends the others and begins no more', async () => {
    const calls: EmbedCall[] = [];
    const aborted: unknown[] = [];
    const { run } = engine({
      embed: (call) => {
        calls.push(call);
        if (call.texts[0]?.length === 3) return Promise.reject(failure('bad_request'));
        return new Promise((_, reject) =>
          call.signal.addEventListener('abort', () => {
            aborted.push(call.signal.reason);
            reject(failure('aborted'));
          }),
        );
      },
    });
    await expect(run(ask(titan, { texts: texts(50) }), requestContext())).rejects.toMatchObject({
      reason: 'bad_request',
    });
    expect(calls).toHaveLength(8);
    expect(aborted).toHaveLength(7);
    expect(aborted[0]).toMatchObject({ reason: 'bad_request' });
  });

  test('the client’s going ends them all', async () => {
    const client = new AbortController();
    const { run } = engine({
      embed: ({ signal }) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason));
          client.abort(failure('aborted'));
        }),
    });
    const running = run(ask(titan), requestContext({ signal: client.signal }));
    await expect(running).rejects.toMatchObject({ reason: 'aborted' });
  });
});

test('a call that is throttled is tried again, alone', async () => {
  const seen: string[] = [];
  const { run, clock } = engine({
    embed: async (call) => {
      const text = call.texts[0] ?? '';
      seen.push(text);
      if (text === 'xx' && seen.filter((each) => each === 'xx').length === 1) throw failure('throttled');
      return answer(call);
    },
  });
  const call = requestContext();
  expect((await run(ask(titan, { texts: texts(3) }), call)).vectors).toHaveLength(3);
  expect(seen.sort()).toEqual(['x', 'xx', 'xx', 'xxx']);
  expect(clock.waits).toHaveLength(1);
  expect(call.trace.calls.filter(({ repeated }) => repeated)).toHaveLength(1);
});

describe('the profile that Bedrock wants', () => {
  const refuse = async (call: EmbedCall) => {
    if (call.target.id === cohere) throw failure('model_not_found');
    return answer(call);
  };

  test('is called instead', async () => {
    const { run } = engine({
      embed: refuse,
      afterRefusal: async (from) => ({ ...from, id: `us.${from.id}` }),
    });
    expect(await run(ask(cohere), requestContext())).toMatchObject({
      modelId: `us.${cohere}`,
      model: cohere,
    });
  });

  test('is not asked for when one attempt is allowed', async () => {
    const { run } = engine({ embed: refuse, afterRefusal: async (from) => from, maxAttempts: 1 });
    await expect(run(ask(cohere), requestContext())).rejects.toMatchObject({ reason: 'model_not_found' });
  });

  test('is not looked for for ever', async () => {
    let calls = 0;
    const { run } = engine({
      embed: async () => {
        calls += 1;
        throw failure('model_not_found');
      },
      afterRefusal: async (from) => from,
      maxAttempts: 10,
    });
    await expect(run(ask(cohere), requestContext())).rejects.toMatchObject({ reason: 'model_not_found' });
    expect(calls).toBe(3);
  });
});

test('the outcome says who answered, what was ignored and what to know', async () => {
  const { run } = engine({
    resolve: async (name) => target(titan, { asked: name, reportAs: titan, warnings: ['no such model'] }),
  });
  const outcome = await run(ask('text-embedding-3-small', { inputType: 'search_query' }), requestContext());
  expect(outcome).toMatchObject({
    model: titan,
    modelId: titan,
    steps: [{ model: 'text-embedding-3-small', region: 'us-east-1', result: 'ok' }],
    warnings: ['no such model'],
    ignored: [field('inputType')],
  });
});

test('the model behind a profile decides the family; region and metadata go along', async () => {
  const calls: EmbedCall[] = [];
  const regions: (string | undefined)[] = [];
  const { run } = engine({
    resolve: async (name, options) => {
      regions.push(options?.region);
      return target(name, { underlying: titan });
    },
    embed: async (call) => {
      calls.push(call);
      return answer(call);
    },
  });
  const arn = 'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/7hd83kslq1vb';
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  const principal = { name: 'k', metadata: { team: 'search' } };
  await run(ask(arn, { dimensions: 256 }), requestContext({ region: 'eu-west-1', credentials, principal }));
  expect(regions).toEqual(['eu-west-1']);
  expect(calls[0]).toMatchObject({
    format: 'titan-text-v2',
    options: { dimensions: 256 },
    credentials,
    requestMetadata: { team: 'search' },
  });
});

test('vectors are normalised for models that do not do it', async () => {
  const embed = async () => ({ vectors: [[3, 4]] });
  const { vectors } = await engine({ embed }).run(
    ask('amazon.titan-embed-text-v1', { normalize: true }),
    requestContext(),
  );
  expect(vectors).toEqual([[0.6, 0.8]]);
  const zero = engine({ embed: async () => ({ vectors: [[0, 0]] }) });
  expect((await zero.run(ask(cohere, { normalize: true }), requestContext())).vectors).toEqual([[0, 0]]);
  expect((await engine({ embed }).run(ask(cohere), requestContext())).vectors).toEqual([[3, 4]]);
});

test('tokens that one call did not count are an estimate of all', async () => {
  const embed = async ({ texts: [text = ''] }: EmbedCall) => ({
    vectors: [[1]],
    ...(text === 'counted' && { inputTokens: 99 }),
  });
  const { usage } = await engine({ embed }).run(
    ask(titan, { texts: ['counted', '12345678'] }),
    requestContext(),
  );
  expect(usage).toEqual({ tokens: 4, estimated: true });
});

describe('models that make no embeddings', () => {
  test('a chat model', async () => {
    await expect(engine().run(ask('amazon.nova-lite-v1:0'), requestContext())).rejects.toMatchObject({
      status: 400,
      code: 'unsupported_model',
      param: 'model',
      message: expect.stringMatching(/it is a chat model.*Titan Text Embeddings V2/),
    });
  });

  test('a model that nobody knows', async () => {
    await expect(engine().run(ask('acme.embed-v9'), requestContext())).rejects.toMatchObject({
      message: expect.stringContaining('not an embedding model that the gateway knows'),
    });
  });

  test('an ARN that hides its model', async () => {
    const arn = 'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/unknown';
    await expect(engine().run(ask(arn), requestContext())).rejects.toMatchObject({
      message: expect.stringContaining('BEDROCK_INFERENCE_PROFILE_MAPPINGS'),
    });
  });
});

describe('the key’s scope', () => {
  const principal = { name: 'k', models: ['amazon.titan-*'] };

  test('lets in what it names', async () => {
    await expect(engine().run(ask(titan), requestContext({ principal }))).resolves.toBeDefined();
    await expect(engine().run(ask(cohere), requestContext({ principal }))).rejects.toMatchObject({
      status: 403,
      code: 'model_not_allowed',
    });
  });

  test('looks at the model that would answer, not at the name it stands in for', async () => {
    const named = { name: 'k', models: ['text-embedding-3-small'] };
    const { run } = engine({ resolve: async (asked) => target(titan, { asked, reportAs: titan }) });
    const call = requestContext({ principal: named });
    await expect(run(ask('text-embedding-3-small'), call)).rejects.toMatchObject({ status: 403 });
  });
});

describe('a model in several regions', () => {
  const regions = ['us-east-1', 'us-west-2', 'us-east-2'];
  const in3 = (name: string, { region = 'us-east-1' } = {}) => Promise.resolve(target(name, { region }));
  const throttled = async ({ target: { region }, ...call }: EmbedCall) => {
    if (region !== regions.at(-1)) throw failure('throttled');
    return answer({ target: target(titan, { region }), ...call });
  };

  test('has its texts assessed once, whatever its steps come to', async () => {
    const assessed: string[] = [];
    const assess: Assess = async ({ content }) => {
      if ('text' in content) assessed.push(content.text.text);
      return { action: 'pass' };
    };
    const guardrail = { guardrailIdentifier: 'abc123', guardrailVersion: '1' };
    const { run } = engine({ resolve: in3, embed: throttled, assess, config: { regions, guardrail } });
    const context = requestContext();
    expect((await run(ask(titan, { texts: texts(3) }), context)).vectors).toHaveLength(3);
    expect(context.trace.steps.map(({ result }) => result)).toEqual(['throttled', 'throttled', 'ok']);
    expect(assessed.toSorted()).toEqual(texts(3));
  });

  test('makes no more calls in all its steps than one request may', async () => {
    let calls = 0;
    const embed = async (call: EmbedCall) => {
      calls += 1;
      if (call.texts[0]?.length === 200) throw failure('throttled');
      return answer(call);
    };
    const { run } = engine({ resolve: in3, embed, config: { regions } });
    await expect(run(ask(titan, { texts: texts(200) }))).rejects.toThrow();
    expect(calls).toBeGreaterThan(200);
    expect(calls).toBeLessThanOrEqual(200 + bounds.upstreamCalls);
  });

  test('of the operator’s chain is not named by its ARN', async () => {
    const arn = 'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/7hd83kslq1vb';
    const models = { [titan]: [arn] };
    const { run } = engine({
      config: { fallbacks: { ...readConfig({}).fallbacks, models } },
      resolve: async (name) => target(name, name === arn ? { underlying: titan } : {}),
      embed: async ({ target: { asked } }) => {
        if (asked === titan) throw failure('model_not_found');
        throw new GatewayError({ status: 429, reason: 'throttled', message: `${asked} is busy` });
      },
    });
    const told = await run(ask(titan)).catch(String);
    expect(told).toContain('application-inference-profile/7hd83kslq1vb is busy');
    expect(told).not.toContain('123456789012');
  });
});
