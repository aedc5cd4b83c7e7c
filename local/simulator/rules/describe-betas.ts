import { claudeModels } from '../models/claude-models.ts';
import { betas } from './claude-betas.ts';

/** The flags of `anthropic_beta` as `docs/simulator.md` has them; a test compares the two. */
export function betaTable(): string {
  const rows = betas.map(({ flag, models, brings }) => {
    const names = claudeModels
      .filter(({ id }) => models.test(id))
      .map(({ name }) => name.replace('Claude ', ''));
    return `| \`${flag}\` | ${brings} | ${names.join(', ')} |`;
  });
  return ['| flag | brings | Claude |', '|---|---|---|', ...rows].join('\n');
}
