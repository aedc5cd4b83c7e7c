import { BedrockClient, CreateInferenceProfileCommand } from '@aws-sdk/client-bedrock';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runtimeCalls } from '../support/chat.ts';
import { onBundle } from '../support/in-process-only.ts';
import { keysFile } from '../support/keys-file.ts';
import { quickClock } from '../support/quick-clock.ts';
import { type Stack, startStack } from '../support/stack.ts';
import {
  account,
  aliases,
  bearer,
  cohere,
  foundationArn,
  haiku,
  hidden,
  keys,
  modelOf,
  novaLite,
  opus,
  type ScopedKey,
  scopes,
} from './scope-account.ts';

/**
 * A key with a scope against a gateway on real sockets: by no way of asking and by no spelling of a name does it
 * reach a model outside, see one, or learn that there is one. What is reached is judged at the simulator.
 */
let stack: Stack;

async function start(more: Record<string, string>): Promise<Stack> {
  const env = {
    AWS_MAX_ATTEMPTS: '3',
    API_KEY_FILE: await keysFile(keys),
    MODEL_ALIASES: JSON.stringify(aliases),
    ...more,
  };
  return startStack({ env, gateway: { clock: quickClock() } });
}

const operatorsChain = JSON.stringify({ default: [`us.${opus}`, hidden[0]!.arn] });

interface Answer {
  status: number;
  /** Headers that say something about models, and the body. */
  text: string;
}

type Way = (key: string, model: string) => Promise<Answer>;

const messages = [{ role: 'user', content: 'Hello there' }];
const post = async (key: string, path: string, body: unknown) =>
  answerOf(await stack.post(path, body, bearer(key)));

async function answerOf(response: Response): Promise<Answer> {
  const own = [...response.headers].filter(([name]) => name.startsWith('x-gateway-'));
  return { status: response.status, text: `${JSON.stringify(own)} ${await response.text()}` };
}

/** Every place where a request names a model. */
const ways: Record<string, Way> = {
  chat: (key, model) => post(key, '/chat/completions', { model, messages }),
  stream: (key, model) => post(key, '/chat/completions', { model, messages, stream: true }),
  'extra_body.model': (key, model) => post(key, '/chat/completions', { messages, extra_body: { model } }),
  embeddings: (key, model) => post(key, '/embeddings', { model, input: 'some words' }),
  'a count of tokens': (key, model) => post(key, '/messages/count_tokens', { model, messages }),
};

/** Places where a model is named beside another one, which the simulator throttles. */
const throttled = [{ role: 'user', content: '[[throttle]] Hello there' }];
const besides: Record<string, (key: string, first: string, model: string) => Promise<Answer>> = {
  models: (key, first, model) =>
    post(key, '/chat/completions', { model: first, models: [model], messages: throttled }),
  fallbacks: (key, first, model) =>
    post(key, '/chat/completions', { model: first, fallbacks: [model], messages: throttled, stream: true }),
  'extra_body.models': (key, first, model) =>
    post(key, '/chat/completions', { model: first, extra_body: { models: [model] }, messages: throttled }),
};

function expectWithin({ mayReach }: ScopedKey): void {
  const reached = runtimeCalls(stack).map(modelOf);
  expect(reached.filter((model) => !mayReach(model))).toEqual([]);
}

/** Names that lead somewhere, each in the spellings that resolving understands. */
function spellings(id: string): string[] {
  return [
    id,
    id.toUpperCase(),
    ` ${id} `,
    `${id}[1m]`,
    `us.${id}`,
    `global.${id}`,
    `custom:us-east-1:${id}`,
    `custom:us-west-2:us.${id}`,
    foundationArn(id),
    foundationArn(id).toUpperCase(),
    encodeURIComponent(foundationArn(id)),
    `arn:aws:bedrock:::foundation-model/${id}`,
    `arn:aws:bedrock:us-east-1:${account}:inference-profile/us.${id}`,
    `custom:us-east-1:${foundationArn(id)}`,
    `bedrock/us.${id}`,
    `bedrock/converse/us-west-2/us.${id}`,
    `Amazon-Bedrock/${foundationArn(id)}`,
    `anthropic/us.${id}`,
    `aws/anthropic/${id.replace('anthropic.', '')}`,
  ];
}

const llama = 'meta.llama3-1-70b-instruct-v1:0';
const real = [
  ...spellings(opus),
  haiku,
  foundationArn(haiku),
  cohere,
  llama,
  ...Object.keys(aliases),
  'gpt-nova',
  'custom:us-east-1:gpt-nova',
  ...hidden.flatMap(({ arn, names }) => [arn, encodeURIComponent(arn), ...names]),
  'nova-id:custom.a1b2c3d4e5f6',
  'claude-haiku-4-5',
];

/**
 * Of the bundle, which is the same code and answers in processes of its own, a key asks for every third of them: together
 * the keys ask for all.
 */
const namesFor = (key: ScopedKey): string[] =>
  onBundle ? real.filter((_, i) => i % 3 === scopes.indexOf(key) % 3) : real;

describe('what is called', () => {
  beforeAll(async () => {
    // To try a throttled model again would call nothing else.
    stack = await start({ AWS_MAX_ATTEMPTS: '1' });
  });
  afterAll(() => stack.close());

  test('the names of these tests lead somewhere: a key with every right calls them', async () => {
    stack.simulator.reset();
    for (const model of real) await ways.chat!('all', model);
    expect(new Set(runtimeCalls(stack).map(modelOf))).toEqual(
      new Set([opus, haiku, cohere, llama, ...hidden.map(({ model }) => model)]),
    );
  });

  describe.each(scopes)('the key $name with the scope $scope', (key) => {
    test.each(Object.entries(ways))('reaches nothing outside by %s', async (_, ask) => {
      stack.simulator.reset();
      await Promise.all(namesFor(key).map((model) => ask(key.name, model)));
      expectWithin(key);
    });

    test.each(Object.entries(besides))('falls back to nothing outside by %s', async (_, ask) => {
      stack.simulator.reset();
      await Promise.all(namesFor(key).map((model) => ask(key.name, novaLite, model)));
      expectWithin(key);
    });

    test('may use what its patterns name', async () => {
      for (const model of key.within) {
        const { status, text } = await ways.chat!(key.name, model);
        expect([model, status, status === 200 ? '' : text]).toEqual([model, 200, '']);
      }
    });

    test('sees exactly what it may call', async () => {
      stack.simulator.reset();
      const list = await stack.get('/models', bearer(key.name));
      const { data } = (await list.json()) as { data: { id: string; underlying_model?: string }[] };
      const all = await stack.get('/models', bearer('all'));
      const whole = (await all.json()) as { data: { id: string; output_modalities: string[] }[] };
      const chats = whole.data.filter(({ output_modalities: out }) => out.includes('TEXT')).slice(0, 60);
      for (const { id } of chats) {
        const { status } = await ways.chat!(key.name, id);
        expect([id, data.some((entry) => entry.id === id)]).toEqual([id, status !== 403]);
      }
      expectWithin(key);
    });
  });

  /** Pieces that an attacker would put a name together from. */
  const partition = fc.constantFrom('aws', 'aws-cn', 'aws-nova', 'aws-claude-haiku', 'AWS', 'aws-us-gov', '');
  const region = fc.constantFrom('us-east-1', 'us-west-2', '', 'us-nova-1', 'cn-north-1', 'nova', '*');
  const owner = fc.constantFrom('', account, '999999999999', '1', 'nova', '0000amazon00');
  const word = fc.constantFrom('nova', 'amazon', novaLite, 'quick', 'team-support', 'custom.a1b2c3d4e5f6');
  const target = fc.constantFrom(
    opus,
    haiku,
    cohere,
    novaLite,
    `us.${opus}`,
    `nova.${opus}`,
    `zz.nova.${opus}`,
  );
  const resource = fc.constantFrom(
    'foundation-model',
    'inference-profile',
    'application-inference-profile',
    'imported-model',
    'prompt',
    'endpoint',
    'nova',
  );
  const lastPart = fc.oneof(
    target,
    fc.constantFrom('1arbu5hu2sjr', 'a1b2c3d4e5f6', `x:${account}:application-inference-profile/y`),
    fc.tuple(word, target).map(([a, b]) => `${a}/${b}`),
  );
  const arn = fc
    .tuple(partition, fc.constantFrom('bedrock', 'sagemaker'), region, owner, resource, lastPart)
    .map(([p, s, r, a, type, id]) => `arn:${p}:${s}:${r}:${a}:${type}/${id}`);
  const bare = fc.oneof(
    target,
    fc.constantFrom(...hidden.flatMap(({ names }) => names), ...Object.keys(aliases), 'gpt-nova'),
    fc.tuple(word, target).map(([a, b]) => `${a}.${b}`),
    fc.tuple(target, word).map(([a, b]) => `${a}:${b}`),
    fc.tuple(word, fc.constantFrom('custom.a1b2c3d4e5f6', opus)).map(([label, id]) => `${label}-id:${id}`),
  );
  const spelled = fc
    .tuple(
      fc.oneof(arn, bare),
      fc.constantFrom<(name: string) => string>(
        (name) => name,
        encodeURIComponent,
        (name) => name.toUpperCase(),
        (name) => `custom:us-east-1:${name}`,
        (name) => `custom:us-nova-1:${name}`,
        (name) => `${name}[1m]`,
        (name) => `\t${name} `,
        (name) => `${name}#nova`,
      ),
    )
    .map(([name, spell]) => spell(name));

  test('no name, however it is put together, reaches a model outside of any scope', async () => {
    const key = fc.constantFrom(...scopes);
    await fc.assert(
      fc.asyncProperty(spelled, key, fc.constantFrom(...Object.values(ways)), async (name, who, ask) => {
        stack.simulator.reset();
        const { status } = await ask(who.name, name);
        expectWithin(who);
        expect(status).toBeLessThan(500);
      }),
      { numRuns: 150 },
    );
  });
});

describe('what a key cannot use does not exist for it', () => {
  beforeAll(async () => {
    stack = await start({ FALLBACKS: operatorsChain });
  });
  afterAll(() => stack.close());

  /** What there is and lies outside the scope `amazon.nova-lite-v1:0`, and what there is not. */
  const outside = [
    haiku,
    `us.${opus}`,
    foundationArn(haiku),
    'quick',
    'gpt-4o',
    'amazon.secret-v1:0',
    'team-search',
    'nova-router',
    'custom.a1b2c3d4e5f6',
    'any-id:custom.a1b2c3d4e5f6',
    'custom:us-east-1:team-search',
    'claude-haiku-4-5',
    hidden[0]!.arn,
    hidden[3]!.arn,
    hidden[7]!.arn,
    `arn:aws:bedrock:us-east-1:${account}:custom-model/${novaLite}/f6a7b8c9d0e1`.replace(novaLite, opus),
  ];
  const nowhere = [
    'acme.unheard-of-v1:0',
    'us.acme.unheard-of-v1:0',
    foundationArn('acme.unheard-of-v1:0'),
    'slow',
    'team-nothing',
    'custom.zzzzzzzzzzzz',
    'any-id:custom.zzzzzzzzzzzz',
    'custom:us-east-1:team-nothing',
    'claude-haiku-9',
    hidden[0]!.arn.replace('1arbu5hu2sjr', 'zzzzzzzzzzzz'),
    hidden[3]!.arn.replace('c9d0e1f2a3b4', 'zzzzzzzzzzzz'),
    hidden[7]!.arn.replace('a1b2c3d4e5f6', 'zzzzzzzzzzzz'),
    `arn:aws:bedrock:us-east-1:${account}:custom-model/${opus}/zzzzzzzzzzzz`,
  ];
  const names = [...outside, ...nowhere];

  /** An answer with the client's own text and the request's id taken out: what is left is what the gateway tells. */
  const told = ({ status, text }: Answer, name: string) =>
    `${status} ${text.replaceAll(JSON.stringify(name).slice(1, -1), '<name>').replace(/"request_id":"[^"]+"/, '')}`;

  test.each(Object.entries(ways))(
    'one answer for what is outside and what is nowhere: %s',
    async (_, ask) => {
      const answers = new Set<string>();
      for (const name of names) answers.add(told(await ask('exact', name), name));
      expect([...answers]).toHaveLength(1);
      expect([...answers][0]).toMatch(/^403 .*(?:model_not_allowed|permission_error)/);
    },
  );

  test.each(Object.entries(besides))('the same for fallbacks: %s', async (_, ask) => {
    const answers = new Set<string>();
    for (const name of names) answers.add(told(await ask('exact', novaLite, name), name));
    expect([...answers]).toHaveLength(1);
    expect([...answers][0]).toMatch(/^429/);
  });

  test('a fallback that is not taken is named as the client wrote it, whatever it is', async () => {
    const answers = new Set<string>();
    for (const name of names) {
      const body = { model: novaLite, models: [name], messages };
      const { status, text } = await post('exact', '/chat/completions', body);
      const warnings = /"x-gateway-warnings","([^"]*)"/.exec(text)?.[1] ?? '';
      answers.add(told({ status, text: warnings }, name));
    }
    expect([...answers]).toEqual(['200 the key may not fall back to <name>']);
  });

  test('the same for GET /models/{id}, a 404', async () => {
    const answers = new Set<string>();
    for (const name of names.filter((name) => name !== 'custom:us-east-1:team-search')) {
      const response = await stack.get(`/models/${encodeURIComponent(name)}`, bearer('exact'));
      answers.add(told(await answerOf(response), name));
    }
    expect([...answers]).toHaveLength(1);
    expect([...answers][0]).toMatch(/^404/);
  });

  test('no answer names anything of the account', async () => {
    const secrets = [account, opus, haiku, ...hidden.flatMap((each) => [each.arn, ...each.names])];
    const asked = ['claude-opus', 'nova', 'team', 'twins', 'claude-haiku-4', 'acme.opus-v1:0'];
    for (const name of asked) {
      for (const ask of Object.values(ways)) {
        const { text } = await ask('exact', name);
        expect(secrets.filter((secret) => text.includes(secret))).toEqual([]);
      }
    }
  });

  test('the operator’s own fallbacks are not named to a key that may not use them', async () => {
    stack.simulator.reset();
    const body = { model: novaLite, messages: throttled };
    for (const stream of [false, true]) {
      const { status, text } = await post('exact', '/chat/completions', { ...body, stream });
      expect(status).toBe(429);
      expect(text).not.toMatch(/opus|team|inference-profile|123456789012/);
    }
    expect(runtimeCalls(stack).map(modelOf)).toEqual(Array(6).fill(novaLite));
  });

  test('to a key that may, without the account in their ARNs', async () => {
    const { status, text } = await post('all', '/chat/completions', { model: novaLite, messages: throttled });
    expect(status).toBe(429);
    expect(text).toContain('application-inference-profile/1arbu5hu2sjr');
    expect(text).not.toContain(account);
  });
});

describe('with a default model', () => {
  beforeAll(async () => {
    stack = await start({ DEFAULT_MODEL: novaLite });
  });
  afterAll(() => stack.close());

  test('it answers for every name that the key cannot use, be there something of that name or not', async () => {
    const answers = new Set<string>();
    for (const name of ['team-search', 'quick', 'gpt-4o', 'claude-haiku-4-5', 'slow', 'team-nothing']) {
      stack.simulator.reset();
      const { status, text } = await ways.chat!('exact', name);
      const headers = text.slice(0, text.indexOf(']] ')).replaceAll(name, '<name>');
      answers.add(`${status} ${headers} ${runtimeCalls(stack).map(modelOf)}`);
    }
    expect([...answers]).toHaveLength(1);
    expect([...answers][0]).toMatch(/^200 .*amazon\.nova-lite-v1:0$/);
  });

  test('it is not reached by a key that may not use it', async () => {
    stack.simulator.reset();
    expect((await ways.chat!('named', 'team-nothing')).status).toBe(403);
    expect(runtimeCalls(stack)).toEqual([]);
  });
});

describe('a name that two things have', () => {
  const control = () => new BedrockClient({ endpoint: stack.simulator.url, region: 'us-east-1' });

  beforeAll(async () => {
    stack = await start({});
    for (const [inferenceProfileName, copyFrom] of [
      ['nova-router', opusArn],
      ['endpoint-quick-start-idr7y', foundationArn(novaLite)],
    ]) {
      const modelSource = { copyFrom: copyFrom! };
      await control().send(new CreateInferenceProfileCommand({ inferenceProfileName, modelSource }));
    }
  });
  afterAll(() => stack.close());

  test.each(['nova-router', 'endpoint-quick-start-idr7y'])(
    '%s: to a key with a scope it is none',
    async (name) => {
      const { status, text } = await ways.chat!('nova', name);
      expect(status).toBe(403);
      expect(text).not.toMatch(/several|prompt-router|inference-profile|123456789012/);
    },
  );

  test('to one without, a 400 that tells them apart, without the account', async () => {
    const { status, text } = await ways.chat!('all', 'nova-router');
    expect(status).toBe(400);
    expect(text).toMatch(/ambiguous_model_name/);
    expect(text).toMatch(
      /prompt-router\/d0e1f2a3b4c5.*application-inference-profile\/|application-inference-profile\/.*prompt-router\//,
    );
    expect(text).not.toContain(account);
  });
});

const opusArn = `arn:aws:bedrock:us-east-1:${account}:inference-profile/us.${opus}`;
