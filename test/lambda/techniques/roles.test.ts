import { expect, test } from 'vitest';
import { type StageName, techniqueNames } from '../../../lambda/settings/techniques.ts';
import { optimise } from '../../../lambda/techniques/optimise.ts';
import { techniques } from '../../../lambda/techniques/table.ts';
import { farthest, stubbornServices } from '../../support/farthest.ts';
import { optimising } from '../../support/optimising.ts';
import { type Said, type SeenCall, scriptedEngine } from '../../support/scripted-engine.ts';

const text = `${'A long text to be read in parts. '.repeat(300)}\n\nWhat is six times seven?`;

/** The steps that a technique makes where its models say this. */
async function stepsOf(name: StageName, say: (call: SeenCall, nth: number) => Said): Promise<string[]> {
  const scripted = scriptedEngine(say);
  const options = await optimising(
    {
      optimisation: {
        technique: name === 'none' ? 'none|none' : name,
        params: { memory: { above: 1, chunk: 1000 } },
      },
      converse: { messages: [{ role: 'user', content: [{ text }] }] },
      services: stubbornServices,
      env: { OPTIMISATION_MAX_CALLS: '60' },
    },
    scripted,
  );
  await optimise(options);
  return scripted.calls.map(({ step }) => step);
}

test.each([...techniqueNames, 'none'] as const)(
  'the steps of %s are those that a request may give models of their own',
  async (name) => {
    const made = [await stepsOf(name, farthest(name)), await stepsOf(name, () => 'one\ntwo')];
    const known = techniques[name].roles.map((role) => `${name}/${role}`);
    expect([...new Set(made.flat())].sort()).toEqual(known.sort());
  },
);
