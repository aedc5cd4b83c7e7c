import { describe, expect, test } from 'vitest';
import { GatewayError } from '../../../lambda/errors.ts';
import { textOf } from '../../../lambda/techniques/conversation.ts';
import { optimise } from '../../../lambda/techniques/optimise.ts';
import type { Services } from '../../../lambda/techniques/types.ts';
import { requestContext } from '../../support/context.ts';
import { type Asking, optimising } from '../../support/optimising.ts';
import { byRules, type Rule, type Said, scriptedEngine } from '../../support/scripted-engine.ts';

/** What the tools were given; what they do is said by the texts: `refused …`, `failed …`, `hangs`, `is gone`. */
function tools(): { services: Services; given: string[] } {
  const given: string[] = [];
  const unavailable = Object.assign(new Error('secret words of the host'), { name: 'Unavailable' });
  const hang = (signal: AbortSignal) =>
    new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  return {
    given,
    services: {
      solver: async () => async (script, _ms, signal) => {
        given.push(script);
        if (script.includes('hangs')) return hang(signal);
        if (script.includes('is gone')) throw unavailable;
        if (script.includes('refused')) throw new Error(`the solver's words on ${given.length}`);
        return `solved ${given.length}`;
      },
      program: async () => async (source, _ms, signal) => {
        given.push(source);
        if (source.includes('hangs')) return hang(signal);
        if (source.includes('is gone')) throw unavailable;
        const failed = source.includes('failed');
        return {
          output: source.includes('silent') ? '' : `${failed ? 'error' : 'printed'} ${given.length}`,
          failed,
        };
      },
    },
  };
}

const block = (text: string, label = '') => `It is this:\n\`\`\`${label}\n${text}\n\`\`\`\n`;
const smt = (text: string, label = 'smt2') => block(`(${text})`, label);
const js = (text: string, label = 'javascript') => block(text, label);

/** Runs a technique on a script; what came of it, and the texts of each step's last turns. */
async function played(technique: unknown, script: Rule[], asking: Partial<Asking> = {}) {
  const { services, given } = tools();
  const scripted = scriptedEngine(byRules(script));
  const options = await optimising({ optimisation: technique, services, ...asking }, scripted);
  const { answers, warnings } = await optimise(options);
  const calls = scripted.calls.map(({ step, request: { converse } }) => ({
    step,
    texts: converse.messages.flatMap(({ content }) =>
      content.map((each) => ('text' in each ? each.text : '')),
    ),
  }));
  const [answer] = answers;
  return {
    answer: answer && textOf(answer),
    warnings: [...warnings],
    given,
    steps: calls.map(({ step }) => step),
    /** All that the call of a step was told, the last one of that name. */
    told: (step: string) => calls.findLast((call) => call.step === step)?.texts.join('\n') ?? '',
    open: scripted.open(),
  };
}

const always = (step: string, say: Said): Rule => ({ step, say });
const z3 = (formalise: Said, ...more: Rule[]) => [
  always('z3/formalise', formalise),
  ...more,
  always('z3/answer', 'answered'),
];
const code = (write: Said, ...more: Rule[]) => [
  always('executecode/write', write),
  ...more,
  always('executecode/answer', 'answered'),
];
const throttled: Said = { error: 'throttled', status: 429 };

describe('z3', () => {
  test.each(['smt2', '', 'lisp', 'SMT-LIB 2', 'python'])(
    'a block labelled "%s" that begins like a script is one',
    async (label) => {
      const { given, steps, told, warnings, answer } = await played('z3', z3(smt('check-sat', label)));
      expect(given).toEqual(['(check-sat)']);
      expect(steps).toEqual(['z3/formalise', 'z3/answer']);
      expect(told('z3/answer')).toContain('solved 1');
      expect(told('z3/answer')).toContain('(check-sat)');
      expect({ warnings, answer }).toEqual({ warnings: [], answer: 'answered' });
    },
  );

  test('the first block that begins with a parenthesis, behind comments, is the script', async () => {
    const text = `${block('import z3', 'python')}${block('; first\n\n  ; (second)\n(check-sat)')}${smt('other')}`;
    expect((await played('z3', z3(text))).given).toEqual(['; first\n\n  ; (second)\n(check-sat)']);
  });

  test.each([
    ['words', 'NOT APPLICABLE'],
    ['a block of something else', block('print(1)', 'python')],
    ['a block of comments', block('; nothing')],
  ])('%s: it does not apply, and the question goes out as it is', async (_, reply) => {
    const { steps, told, warnings, given } = await played('z3', z3(reply));
    expect(steps).toEqual(['z3/formalise', 'z3/answer']);
    expect(told('z3/answer')).toBe('What is six times seven?');
    expect({ warnings, given }).toEqual({ warnings: [], given: [] });
  });

  test('what the solver refuses goes back with its words, between marks, behind the turn that wrote it', async () => {
    const { steps, told } = await played('z3', z3(smt('refused'), always('z3/repair', smt('check-sat'))));
    expect(steps).toEqual(['z3/formalise', 'z3/repair', 'z3/answer']);
    expect(told('z3/repair')).toMatch(/<message-80000000>\nthe solver's words on 1\n<\/message-80000000>/);
    expect(told('z3/repair')).toContain('(refused)');
    expect(told('z3/answer')).toContain('solved 2');
    expect(told('z3/answer')).not.toContain('refused');
  });

  test.each([
    [0, 0],
    [1, 1],
    [2, 2],
    [4, 4],
  ])(
    'with %i repairs a script that stays wrong is repaired %i times, and its errors reach no answer',
    async (repairs, times) => {
      const rules = z3(smt('refused'), always('z3/repair', smt('refused')));
      const { steps, told, warnings } = await played({ technique: 'z3', params: { z3: { repairs } } }, rules);
      expect(steps.filter((step) => step === 'z3/repair')).toHaveLength(times);
      expect(told('z3/answer')).toBe('What is six times seven?');
      expect(warnings).toEqual(['z3: the solver could run no script, so the answer was given without it']);
    },
  );

  test.each<[string, Rule[], RegExp]>([
    ['the first call fails', z3(throttled), /the script for the solver is missing \(throttled\)/],
    [
      'a repair fails',
      z3(smt('refused'), always('z3/repair', throttled)),
      /a repair of the script is missing \(throttled\)/,
    ],
    ['a repair has no script', z3(smt('refused'), always('z3/repair', 'I cannot.')), /could run no script/],
    ['the solver is gone', z3(smt('is gone')), /the solver is not available/],
  ])('%s: answered without it, with a warning', async (_, rules, warning) => {
    const { told, warnings, answer } = await played('z3', rules);
    expect(answer).toBe('answered');
    expect(told('z3/answer')).toBe('What is six times seven?');
    expect(warnings.join('\n')).toMatch(warning);
    expect(warnings.join('\n')).not.toMatch(/secret/);
  });
});

describe('executecode', () => {
  test.each(['javascript', 'js', 'mjs', 'JavaScript', 'js title="x"'])(
    'a block labelled "%s" is run',
    async (label) => {
      const { given, steps, told } = await played('executecode', code(js('1764', label)));
      expect(given).toEqual(['1764']);
      expect(steps).toEqual(['executecode/write', 'executecode/answer']);
      expect(told('executecode/answer')).toContain('printed 1');
    },
  );

  test.each([
    ['words', 'It is 42.'],
    ['a block in another language', block('print(42)', 'python')],
    ['a block without a label', block('42')],
  ])('%s: the reply is the answer', async (_, reply) => {
    const { answer, steps } = await played('executecode', code(reply));
    expect(steps).toEqual(['executecode/write']);
    expect(answer).toBe(reply);
  });

  test('words, where the answer is to be JSON: an answer call follows, with the question as it is', async () => {
    const intent = { outputFormat: { type: 'json_object' as const } };
    const { steps, told } = await played('executecode', code('It is 42.'), { intent });
    expect(steps).toEqual(['executecode/write', 'executecode/answer']);
    expect(told('executecode/answer')).toBe('What is six times seven?');
  });

  test('a program of the user is run at once, and what is wrong with it is told', async () => {
    const converse = {
      messages: [{ role: 'user' as const, content: [{ text: `Why?\n${js('failed', 'js')}` }] }],
    };
    const { given, steps, told } = await played('executecode', code('unused'), { converse });
    expect(given).toEqual(['failed']);
    expect(steps).toEqual(['executecode/answer']);
    expect(told('executecode/answer')).toMatch(
      /It failed.*\n\n<program.*\nfailed\n.*\n\n<output.*\nerror 1\n/,
    );
  });

  test('one of an earlier turn, of the assistant or in another language is not', async () => {
    const turn = (role: 'user' | 'assistant', text: string) => ({ role, content: [{ text }] });
    const converse = {
      messages: [turn('user', js('1')), turn('assistant', js('2')), turn('user', block('3', 'python'))],
    };
    const { given } = await played('executecode', code(js('4')), { converse });
    expect(given).toEqual(['4']);
  });

  test.each([0, 1, 2, 4])(
    'with %i repairs a program that stays wrong is told with its error',
    async (repairs) => {
      const rules = code(js('failed'), always('executecode/repair', js('failed')));
      const optimisation = { technique: 'executecode', params: { executecode: { repairs } } };
      const { steps, told, warnings } = await played(optimisation, rules);
      expect(steps.filter((step) => step === 'executecode/repair')).toHaveLength(repairs);
      expect(told('executecode/answer')).toMatch(new RegExp(`It failed.*error ${repairs + 1}\n`, 's'));
      expect(warnings).toEqual([]);
    },
  );

  test('what is wrong goes back with the program, and what was repaired is told', async () => {
    const { told } = await played(
      'executecode',
      code(js('failed'), always('executecode/repair', js('right'))),
    );
    expect(told('executecode/repair')).toMatch(/<message-80000000>\nerror 1\n/);
    expect(told('executecode/answer')).toMatch(/It ran to its end.*right.*printed 2/s);
  });

  test('a program that prints nothing: that is told', async () => {
    expect((await played('executecode', code(js('silent')))).told('executecode/answer')).toContain(
      '(nothing was printed)',
    );
  });

  test.each<[string, Rule[], RegExp]>([
    ['the first call fails', code(throttled), /the program is missing \(throttled\)/],
    ['the sandbox is gone', code(js('is gone')), /the sandbox is not available/],
  ])('%s: answered without a program, with a warning', async (_, rules, warning) => {
    const { told, warnings, answer } = await played('executecode', rules);
    expect(answer).toBe('answered');
    expect(told('executecode/answer')).toBe('What is six times seven?');
    expect(warnings.join('\n')).toMatch(warning);
    expect(warnings.join('\n')).not.toMatch(/secret/);
  });
});

describe.each([
  ['z3', z3, smt],
  ['executecode', code, js],
] as const)('%s', (technique, rules, written) => {
  test.each([
    ['is not part of this gateway', {}],
    [
      'cannot be loaded',
      { solver: () => Promise.reject(new Error('x')), program: () => Promise.reject(new Error('x')) },
    ],
  ])('its tool %s: the plain answer, one call, with a warning', async (_, services) => {
    const { steps, warnings, answer } = await played(technique, rules('unused'), { services });
    expect(steps).toEqual([`${technique}/answer`]);
    expect(warnings).toEqual([expect.stringMatching(/is not available/)]);
    expect(answer).toBe('answered');
  });

  test('its tool does not end before the time for the answer: the answer is given without it', async () => {
    const context = requestContext({ deadline: 100 });
    const { warnings, answer, open } = await played(technique, rules(written('hangs')), { context });
    expect(answer).toBe('answered');
    expect(warnings).toEqual([expect.stringMatching(/there was no time left to run the (script|program)/)]);
    expect(open).toBe(0);
  });

  test('the client goes while its tool is at work: nothing is answered', async () => {
    const controller = new AbortController();
    const gone = new GatewayError({ status: 499, reason: 'aborted', message: 'gone' });
    const { services, given } = tools();
    const scripted = scriptedEngine(byRules(rules(written('hangs'))));
    const context = requestContext({ deadline: 1_000_000, signal: controller.signal });
    const running = optimise(await optimising({ optimisation: technique, services, context }, scripted));
    while (given.length === 0) await new Promise((resolve) => setImmediate(resolve));
    controller.abort(gone);
    await expect(running).rejects.toBe(gone);
    expect(scripted.calls.map(({ step }) => step)).not.toContain(`${technique}/answer`);
  });

  test('a budget that ends: repairs are left out, the answer is not', async () => {
    const script = rules(
      written(technique === 'z3' ? 'refused' : 'failed'),
      always(`${technique}/repair`, written('refused failed')),
    );
    const { steps, answer } = await played({ technique, max_calls: 3 }, script);
    expect(steps).toHaveLength(3);
    expect(steps.at(-1)).toBe(`${technique}/answer`);
    expect(answer).toBe('answered');
  });
});
