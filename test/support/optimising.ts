import type { CanonicalRequest, Intent } from '../../lambda/canonical/request.ts';
import type { ConverseRequest } from '../../lambda/canonical/types.ts';
import { readConfig } from '../../lambda/config.ts';
import type { RequestContext } from '../../lambda/engine/types.ts';
import { admit } from '../../lambda/techniques/admit.ts';
import type { OptimiseOptions } from '../../lambda/techniques/optimise.ts';
import { select } from '../../lambda/techniques/select.ts';
import type { Services } from '../../lambda/techniques/types.ts';
import { requestContext } from './context.ts';
import type { ScriptedEngine } from './scripted-engine.ts';

export interface Asking {
  /** What stands in the body as `optimisation`. */
  optimisation: unknown;
  converse?: Partial<ConverseRequest>;
  intent?: Intent;
  n?: number;
  env?: Record<string, string>;
  context?: RequestContext;
  services?: Services;
  now?: () => number;
}

export const question = 'What is six times seven?';

/** What a request asks for, ready to run on a scripted engine. Rejects as selecting and admitting do. */
export async function optimising(asking: Asking, { engine }: ScriptedEngine): Promise<OptimiseOptions> {
  const settings = readConfig({ ENABLE_OPTIMISATION: 'true', ...asking.env });
  const client: CanonicalRequest = {
    model: 'm',
    converse: { messages: [{ role: 'user', content: [{ text: question }] }], ...asking.converse },
    intent: { ...asking.intent },
  };
  const { selection } = await select(
    { model: 'm', optimisation: asking.optimisation },
    { settings, principal: { name: 'test' }, isListed: async () => false },
  );
  if (!selection) throw new Error('nothing is asked for');
  const context = asking.context ?? requestContext({ deadline: 1_000_000 });
  return {
    admitted: admit(selection, client, asking.n ?? 1),
    client,
    engine,
    context,
    plan: { steps: [], refused: [] },
    plans: new Map(),
    settings,
    mostAtOnce: 64,
    now: asking.now ?? (() => 0),
    random: () => 0.5,
    services: asking.services ?? {},
    onUnexpected: (error) => {
      throw error;
    },
  };
}
