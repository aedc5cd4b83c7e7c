import { describe, expect, it } from 'vitest';
import { toolIds } from '../../../../lambda/fit/tools/ids.ts';
import { Aliases } from '../../../../lambda/fit/tools/renaming.ts';
import { ableToAll } from '../../../support/capabilities.ts';

describe('aliases', () => {
  it('look further when the first proposal is taken', () => {
    const aliases = new Aliases(
      ['?', '!', 'x', 'x1'],
      (name) => name.startsWith('x'),
      (_, attempt) => `x${attempt || ''}`,
    );
    expect(['?', '!', 'x', 'x1', 'unknown'].map((name) => aliases.to(name))).toEqual([
      'x2',
      'x3',
      'x',
      'x1',
      'unknown',
    ]);
    expect(aliases.back('x3')).toBe('!');
    expect(aliases.back('unknown')).toBe('unknown');
    expect(aliases.changed).toBe(true);
  });

  it('of ids depend on the id alone, not on the conversation around it', () => {
    const alias = (...ids: string[]) => toolIds(ids, ableToAll).to('an id');
    expect(alias('an id')).toBe(alias('t1', 'another id', 'an id', 'third id'));
    expect(toolIds(['t1'], ableToAll).changed).toBe(false);
  });
});
