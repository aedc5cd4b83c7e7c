import { claudeModels } from '../models/claude-models.ts';
import { betas } from './claude-betas.ts';

const places = { invoke: 'InvokeModel', converse: 'Converse', both: 'both' } as const;

/** The flags of `anthropic_beta` as `docs/simulator.md` has them; a test compares the two. */
export function betaTable(): string {
  const rows = betas.map(({ flag, models, on = 'invoke', brings }) => {
    const names = claudeModels
      .filter(({ id }) => models.test(id))
      .map(({ name }) => name.replace('Claude ', ''));
    return `| \`${flag}\` | ${brings} | ${names.join(', ')} | ${places[on]} |`;
  });
  return ['| flag | brings | Claude | on |', '|---|---|---|---|', ...rows].join('\n');
}
