import { expect, test } from 'vitest';
import { llama, novaLite, resolverWith } from '../account.ts';

const aliases = {
  // To a technique on a model that its name alone says.
  thinker: `bon-${novaLite}`,
  // On one that only a listing can tell.
  batcher: 'bon-nova-batch',
  // On another alias.
  again: 'moa-thinker',
  // An alias whose own name looks like a technique on a model.
  'bon-jour': llama,
  greeting: 'bon-jour',
};

test.each([
  ['thinker', novaLite, true],
  ['batcher', 'arn:aws:bedrock:us-east-1:123456789012:provisioned-model/c9d0e1f2a3b4', false],
  ['again', novaLite, true],
  ['bon-jour', llama, false],
  ['greeting', llama, false],
])('the alias %s leads to %s', async (name, id, isSaid) => {
  const { resolver } = resolverWith({ MODEL_ALIASES: JSON.stringify(aliases) });
  const { target, reasons } = await resolver.explain(name);
  expect(target.id).toBe(id);
  expect(reasons.some((reason) => reason.includes('is an optimisation technique'))).toBe(isSaid);
});

test('an alias to a name of which the account has neither the whole nor the rest leads nowhere', async () => {
  const { resolver } = resolverWith({ MODEL_ALIASES: JSON.stringify({ nowhere: 'bon-nothing' }) });
  await expect(resolver.explain('nowhere')).rejects.toMatchObject({ status: 404 });
});
