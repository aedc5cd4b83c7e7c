import { describe, expect, test } from 'vitest';
import { GatewayError } from '../../../../lambda/errors.ts';
import { createLookUp } from '../../../../lambda/models/profiles/lookup.ts';
import { createResolver } from '../../../../lambda/models/resolve/resolve.ts';
import type { Target } from '../../../../lambda/models/target.ts';
import { goldenCases } from '../../../support/golden.ts';
import { openAiBody } from '../../../support/openai-body.ts';
import { resolverWith } from '../account.ts';

interface Case {
  note: string;
  name: string;
  settings?: Record<string, unknown>;
  /** Listings, or `describe`, that fail. */
  fail?: Record<string, string>;
  region?: string;
  /** The catalogue has been loaded before. */
  loaded?: boolean;
  expected: unknown;
}

const asText = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));

/** Whether the family is known stands for what the model can do, and profiles too have tests of their own. */
function shown({ capabilities, profiles: _, ...target }: Target) {
  return { ...target, known: capabilities.family !== 'unknown' };
}

async function outcome(given: Case) {
  const env = Object.entries(given.settings ?? {}).map(([name, value]) => [name, asText(value)]);
  const { resolver, control, catalogue } = resolverWith(Object.fromEntries(env), given.fail);
  if (given.loaded) await catalogue.load();
  control.calls.list.length = 0;
  const result = await resolver
    .explain(given.name, given.region ? { region: given.region } : {})
    .then(({ target, reasons }) => ({ target: shown(target), reasons }))
    .catch((error: unknown) => {
      if (!(error instanceof GatewayError)) throw error;
      return { status: error.status, error: openAiBody(error).error };
    });
  return {
    ...result,
    listings: control.calls.list.length,
    questions: control.calls.describe.length,
  };
}

describe('every name that must work, and its wrong inputs', () => {
  test.each(goldenCases<Case>('models/resolve'))('$name', async ({ case: given }) => {
    expect(await outcome(given)).toEqual(given.expected);
  });
});

test('for embeddings another setting answers for names that nothing has', async () => {
  const { config, catalogue, control } = resolverWith({
    DEFAULT_MODEL: 'amazon.nova-lite-v1:0',
    DEFAULT_EMBEDDING_MODEL: 'amazon.titan-embed-text-v2:0',
  });
  const lookUp = createLookUp({ describe: control.describe, ttlMs: 1 });
  const resolver = createResolver({ config, catalogue, lookUp, defaultFrom: 'DEFAULT_EMBEDDING_MODEL' });
  const { target, reasons } = await resolver.explain('text-embedding-3-small');
  expect(target).toMatchObject({
    id: 'amazon.titan-embed-text-v2:0',
    reportAs: 'amazon.titan-embed-text-v2:0',
  });
  expect(reasons[0]).toContain('DEFAULT_EMBEDDING_MODEL');
});

describe('limits and features follow the model behind an application profile', () => {
  const profile = 'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/a1b2c3d4e5f6';

  test.each([
    'us.anthropic.claude-sonnet-4-5-20250929-v1:0',
    'global.anthropic.claude-opus-4-8',
    'anthropic.claude-3-haiku-20240307-v1:0',
    'us.amazon.nova-2-lite-v1:0',
    'amazon.nova-micro-v1:0',
    'us.meta.llama3-3-70b-instruct-v1:0',
    'mistral.mistral-large-2407-v1:0',
    'us.deepseek.r1-v1:0',
    'openai.gpt-oss-120b-1:0',
    'acme.unheard-of-v1:0',
  ])('%s', async (model) => {
    const { resolver } = resolverWith({
      BEDROCK_INFERENCE_PROFILE_MAPPINGS: JSON.stringify({ [profile]: model }),
    });
    const behind = await resolver.resolve(profile);
    expect(behind.capabilities).toEqual((await resolver.resolve(model)).capabilities);
    expect(behind.warnings).toHaveLength(behind.capabilities.family === 'unknown' ? 1 : 0);
  });
});
