import { describe, expect, test } from 'vitest';
import type { Intent } from '../../../lambda/canonical/request.ts';
import type { ConverseRequest } from '../../../lambda/canonical/types.ts';
import { isTechnique, techniqueNames } from '../../../lambda/settings/techniques.ts';
import { textOf } from '../../../lambda/techniques/conversation.ts';
import { optimise } from '../../../lambda/techniques/optimise.ts';
import { goldenCases } from '../../support/golden.ts';
import { optimising } from '../../support/optimising.ts';
import { byRules, type Rule, type SeenCall, scriptedEngine } from '../../support/scripted-engine.ts';

interface Case {
  note: string;
  optimisation: unknown;
  converse?: Partial<ConverseRequest>;
  intent?: Intent;
  script: Rule[];
  /** The answer, its end, and each call in the order in which it was made. */
  expected: unknown;
}

/** What of a call a technique decides. */
function shown({ step, request: { converse, intent } }: SeenCall) {
  const { messages, system, inferenceConfig } = converse;
  return {
    step,
    ...(inferenceConfig && { inferenceConfig }),
    ...(intent.reasoning && { reasoning: intent.reasoning }),
    ...(system && { system: system.map((block) => ('text' in block ? block.text : block)) }),
    messages: messages.map(({ role, content }) => ({
      [role]: content.map((block) => ('text' in block ? block.text : block)),
    })),
  };
}

const cases = goldenCases<Case>('techniques');

describe('the calls of a technique, and what comes of them', () => {
  test.each(cases)('$name', async ({ case: { optimisation, converse, intent, script, expected } }) => {
    const scripted = scriptedEngine(byRules(script));
    const options = await optimising(
      { optimisation, ...(converse && { converse }), ...(intent && { intent }) },
      scripted,
    );
    const { answers, warnings } = await optimise(options);
    const [answer] = answers;
    const result = {
      answer: answer && textOf(answer),
      stopReason: answer?.stopReason,
      ...(warnings.length > 0 && { warnings: [...warnings] }),
      calls: scripted.calls.map(shown),
    };
    expect(result).toEqual(expected);
    expect(scripted.open()).toBe(0);
  });

  test('each technique that needs a model alone has a case', () => {
    const names = new Set(cases.flatMap(({ name }) => name.split(':')[0]?.replaceAll('-', '_') ?? []));
    const withServices = ['z3', 'executecode'];
    const missing = techniqueNames.filter((name) => !names.has(name) && !withServices.includes(name));
    expect(missing).toEqual([]);
    expect([...names].filter((name) => !isTechnique(name))).toEqual([]);
  });
});
