import { describe, expect, test } from 'vitest';
import { GatewayError } from '../../../../lambda/errors.ts';
import { createProfileChoice } from '../../../../lambda/models/profiles/choice.ts';
import type { Target } from '../../../../lambda/models/target.ts';
import { able } from '../../../support/capabilities.ts';
import { llama, novaLite, resolverWith, sonnet } from '../account.ts';

const refusal = (message: string) =>
  new GatewayError({
    status: 400,
    reason: 'bad_request',
    message: 'refused',
    upstream: { name: 'ValidationException', message, status: 400 },
  });
const onDemand = (id: string) =>
  refusal(
    `Invocation of model ID ${id} with on-demand throughput isn’t supported. Retry your request with the ID or ARN of an inference profile that contains this model.`,
  );
const invalid = refusal('The provided model identifier is invalid.');
const denied = new GatewayError({
  status: 403,
  reason: 'access_denied',
  message: 'denied',
  upstream: {
    name: 'AccessDeniedException',
    message:
      'User: arn:aws:sts::123456789012:assumed-role/r/s is not authorized to perform: bedrock:InvokeModel on resource: arn:aws:bedrock:::foundation-model/m with an explicit deny in a service control policy: arn:aws:organizations::123456789012:policy/o-abc/service_control_policy/p-xyz',
    status: 403,
  },
});

const plain: Target = {
  asked: sonnet,
  id: sonnet,
  region: 'us-east-1',
  backend: 'converse',
  underlying: sonnet,
  capabilities: able({}),
  reportAs: sonnet,
  warnings: [],
};

describe('after Bedrock refused a model for want of a profile', () => {
  test('one listing round finds the profile; the next calls go there at once', async () => {
    const { resolver, control } = resolverWith();
    const first = await resolver.resolve(sonnet);
    expect(first.id).toBe(sonnet);
    expect(control.calls.list).toEqual([]);
    const second = await resolver.afterRefusal(first, onDemand(sonnet));
    const profiles = { ids: [`global.${sonnet}`, `us.${sonnet}`], refused: [], listed: true };
    expect(second).toEqual({ ...first, id: `global.${sonnet}`, underlying: sonnet, profiles });
    expect(control.calls.list).toHaveLength(18);
    expect((await resolver.resolve(sonnet)).id).toBe(`global.${sonnet}`);
    // The catalogue now knows the others too, so none of them is refused any more.
    expect((await resolver.resolve(llama)).id).toBe(`us.${llama}`);
    expect((await resolver.resolve(novaLite)).id).toBe(novaLite);
    expect(control.calls.list).toHaveLength(18);
  });

  test('many refusals at once: still one round', async () => {
    const { resolver, control } = resolverWith();
    const target = await resolver.resolve(sonnet);
    const found = await Promise.all(
      Array.from({ length: 30 }, () => resolver.afterRefusal(target, onDemand(sonnet))),
    );
    expect(new Set(found.map((next) => next?.id))).toEqual(new Set([`global.${sonnet}`]));
    expect(control.calls.list).toHaveLength(18);
  });

  test('a foundation ARN is refused in the same words', async () => {
    const { resolver } = resolverWith();
    const arn = `arn:aws:bedrock:eu-west-1::foundation-model/${sonnet}`;
    const target = await resolver.resolve(arn);
    const next = await resolver.afterRefusal(target, onDemand(arn));
    expect(next).toMatchObject({ id: `global.${sonnet}`, region: 'eu-west-1', reportAs: arn });
  });

  test('the plain apostrophe does as well', async () => {
    const { resolver } = resolverWith({ RESIDENCY: 'geography' });
    const target = await resolver.resolve(sonnet);
    const plain = refusal("Invocation of model ID x with on-demand throughput isn't supported.");
    expect((await resolver.afterRefusal(target, plain))?.id).toBe(`us.${sonnet}`);
  });

  test('other refusals are not its business', async () => {
    const { resolver, control } = resolverWith();
    const target = await resolver.resolve(sonnet);
    expect(
      await resolver.afterRefusal(target, refusal('messages: at least one is required')),
    ).toBeUndefined();
    expect(await resolver.afterRefusal(target, denied)).toBeUndefined();
    expect(await resolver.afterRefusal({ ...target, id: `us.${sonnet}` }, onDemand(sonnet))).toBeUndefined();
    expect(control.calls.list).toEqual([]);
  });

  test.each([
    [{ RESIDENCY: 'region' }, 'RESIDENCY is region'],
    [{ ENABLE_CROSS_REGION_INFERENCE: 'false' }, 'ENABLE_CROSS_REGION_INFERENCE is off'],
  ])('%j: a 400 that says why and what to do', async (env, why) => {
    const { resolver } = resolverWith(env);
    const target = await resolver.resolve(sonnet);
    const refused = resolver.afterRefusal(target, onDemand(sonnet));
    await expect(refused).rejects.toMatchObject({
      status: 400,
      code: 'inference_profile_required',
      param: 'model',
    });
    await expect(refused).rejects.toThrow(why);
    await expect(refused).rejects.toThrow('Name a profile yourself');
  });
});

describe('a bare id that Bedrock calls invalid', () => {
  test('is called through the profile that the account has for it', async () => {
    const { resolver } = resolverWith();
    const target = await resolver.resolve(sonnet);
    expect((await resolver.afterRefusal(target, invalid))?.id).toBe(`global.${sonnet}`);
    expect((await resolver.resolve(sonnet)).id).toBe(`global.${sonnet}`);
  });

  test('is no model’s where no profile leads to it: nothing is guessed', async () => {
    const { resolver } = resolverWith();
    for (const id of ['acme.unheard-of-v1:0', novaLite]) {
      const target = await resolver.resolve(id);
      expect(await resolver.afterRefusal(target, invalid)).toBeUndefined();
    }
  });

  test.each([
    [{ RESIDENCY: 'region' }, 'RESIDENCY is region'],
    [{ ENABLE_CROSS_REGION_INFERENCE: 'false' }, 'ENABLE_CROSS_REGION_INFERENCE is off'],
  ])('%j: a 400 that says what forbids the profile there is', async (env, why) => {
    const { resolver } = resolverWith(env);
    const target = await resolver.resolve(sonnet);
    await expect(resolver.afterRefusal(target, invalid)).rejects.toThrow(why);
  });
});

describe('a profile that a policy denies', () => {
  test('is passed over for the next one, and that is remembered for a while', async () => {
    let now = 0;
    const { config, catalogue } = resolverWith();
    const choice = createProfileChoice({ config, catalogue, now: () => now });
    await catalogue.load();
    const target = (profiles = choice.known(sonnet, 'us-east-1')): Target => ({
      ...plain,
      id: profiles?.ids[0] ?? '',
      ...(profiles && { profiles }),
    });
    expect(target().id).toBe(`global.${sonnet}`);
    expect((await choice.afterRefusal(target(), denied, { remember: false }))?.id).toBe(`us.${sonnet}`);
    expect(choice.known(sonnet, 'us-east-1')?.ids[0]).toBe(`global.${sonnet}`);
    expect((await choice.afterRefusal(target(), denied))?.id).toBe(`us.${sonnet}`);
    expect(choice.known(sonnet, 'us-east-1')?.ids[0]).toBe(`us.${sonnet}`);
    now = config.catalogueTtlMs;
    expect(choice.known(sonnet, 'us-east-1')?.ids[0]).toBe(`global.${sonnet}`);
  });

  test('stays where somebody asked for it', async () => {
    const { resolver } = resolverWith();
    const target = await resolver.resolve(`global.${sonnet}`);
    expect(await resolver.afterRefusal(target, denied)).toBeUndefined();
  });

  test('all denied: the refusal, with the profiles that were tried', async () => {
    const { resolver, catalogue } = resolverWith();
    await catalogue.load();
    const first = await resolver.resolve(sonnet);
    const second = await resolver.afterRefusal(first, denied);
    const refused = resolver.afterRefusal(second!, denied);
    await expect(refused).rejects.toMatchObject({ status: 403, reason: 'access_denied' });
    await expect(refused).rejects.toThrow(/RESIDENCY.*`global\.anthropic.*`us\.anthropic/);
  });
});

describe('where profiles cannot be listed', () => {
  const denied = { systemProfiles: 'AccessDeniedException' };

  test('they are guessed, best first, and a wrong guess is not made again', async () => {
    const { resolver } = resolverWith({}, denied);
    const target = await resolver.resolve(llama);
    const guess = await resolver.afterRefusal(target, onDemand(llama));
    expect(guess?.id).toBe(`global.${llama}`);
    const next = await resolver.afterRefusal(guess!, invalid);
    expect(next?.id).toBe(`us.${llama}`);
    // A call that was still under way with the wrong guess finds the right one too.
    expect((await resolver.afterRefusal(guess!, invalid))?.id).toBe(`us.${llama}`);
    expect((await resolver.resolve(llama)).id).toBe(`us.${llama}`);
  });

  test('a region that is not configured: by its own geography', async () => {
    const { resolver } = resolverWith({ RESIDENCY: 'geography' });
    const target = await resolver.resolve(`custom:ap-northeast-1:${sonnet}`);
    const guess = await resolver.afterRefusal(target, onDemand(sonnet));
    expect(guess?.id).toBe(`jp.${sonnet}`);
    expect((await resolver.afterRefusal(guess!, invalid))?.id).toBe(`apac.${sonnet}`);
  });

  test('RESIDENCY region: nothing is guessed', async () => {
    const { resolver } = resolverWith({ RESIDENCY: 'region' }, denied);
    const target = await resolver.resolve(llama);
    await expect(resolver.afterRefusal(target, onDemand(llama))).rejects.toThrow('RESIDENCY is region');
  });

  test('all guesses wrong: a 400 that names the missing permission', async () => {
    const { resolver } = resolverWith({ RESIDENCY: 'geography' }, denied);
    const target = await resolver.resolve(llama);
    const guess = await resolver.afterRefusal(target, onDemand(llama));
    await expect(resolver.afterRefusal(guess!, invalid)).rejects.toThrow(
      'allow bedrock:ListInferenceProfiles',
    );
    expect((await resolver.resolve(llama)).id).toBe(llama);
  });

  test('a region without geography under RESIDENCY geography: nothing to guess', async () => {
    const { resolver } = resolverWith({ RESIDENCY: 'geography' });
    const target = await resolver.resolve(`custom:sa-east-1:${sonnet}`);
    await expect(resolver.afterRefusal(target, onDemand(sonnet))).rejects.toMatchObject({ status: 400 });
  });
});
