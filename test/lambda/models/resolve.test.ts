import { describe, expect, test } from 'vitest';
import { ApiError } from '../../../lambda/errors.ts';
import type { Target } from '../../../lambda/models/target.ts';
import { goldenCases } from '../../support/golden.ts';
import { resolverWith } from './account.ts';

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

function shown({ capabilities, ...target }: Target) {
  return { ...target, family: capabilities.family };
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
      if (!(error instanceof ApiError)) throw error;
      return { status: error.status, error: error.toJSON().error };
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
