import { describe, expect, test } from 'vitest';
import { GatewayError } from '../../../lambda/errors.ts';
import { textOf } from '../../../lambda/techniques/conversation.ts';
import { optimise } from '../../../lambda/techniques/optimise.ts';
import type { Services } from '../../../lambda/techniques/types.ts';
import { requestContext } from '../../support/context.ts';
import { optimising } from '../../support/optimising.ts';
import { scriptedEngine } from '../../support/scripted-engine.ts';

/** A service beside the model that never answers ends with the request's own time, and before. */

async function played(technique: string, services: Services) {
  const scripted = scriptedEngine(() => 'It is 42.');
  const context = requestContext({ deadline: Date.now() + 500 });
  const options = await optimising({ optimisation: technique, services, context, now: Date.now }, scripted);
  return { run: optimise(options), scripted };
}

const never = new Promise<never>(() => {});

describe('in time', () => {
  test('names that nobody finds: nothing goes to the model, and the search is ended', async () => {
    const ended: unknown[] = [];
    const find = (_: readonly string[], signal: AbortSignal) => {
      signal.addEventListener('abort', () => ended.push(signal.reason));
      return never;
    };
    const { run, scripted } = await played('privacy', { personalData: async () => find });
    await expect(run).rejects.toMatchObject({ status: 504, reason: 'deadline' });
    expect(scripted.calls).toEqual([]);
    expect(ended).toEqual([expect.objectContaining({ reason: 'deadline' })]);
  });

  test.each(['z3', 'executecode'])(
    '%s without its tool, which does not start: the question is answered',
    async (name) => {
      const { run } = await played(name, { solver: () => never, program: () => never });
      const { answers, warnings } = await run;
      expect(answers.map(textOf)).toEqual(['It is 42.']);
      expect(warnings).toEqual([expect.stringMatching(/no time left to run the (?:script|program)$/)]);
    },
  );

  test('what of a search goes on when it has failed is ended', async () => {
    let given: AbortSignal | undefined;
    const find = async (_: readonly string[], signal: AbortSignal) => {
      given = signal;
      throw new GatewayError({ status: 503, reason: 'overloaded', message: 'Nobody looks.' });
    };
    const { run } = await played('privacy', { personalData: async () => find });
    await expect(run).rejects.toMatchObject({ status: 503 });
    expect(given?.aborted).toBe(true);
  });
});
