import type { StageName } from '../../lambda/settings/techniques.ts';
import type { Services } from '../../lambda/techniques/types.ts';
import type { Said, SeenCall } from './scripted-engine.ts';

const fenced = (label: string, text: string) => `\`\`\`${label}\n${text}\n\`\`\``;

/** As many as leap learns from. */
export const examples = Array.from({ length: 8 }, (_, i) => ({ question: `q${i}`, answer: i }));

const sayings: Readonly<Partial<Record<StageName, (call: SeenCall, nth: number) => Said>>> = {
  // Answers that are no short answers are compared.
  self_consistency: () => 'two\nlines',
  // Two drafts that differ.
  rto: ({ step }, nth) => fenced('js', `${step}${nth}`),
  leap: ({ step }) =>
    step === 'leap/examples' ? `<output>${JSON.stringify(examples)}</output>` : '<output>wrong</output>',
  // Each path states its answer with its last step.
  rstar: ({ request }) =>
    JSON.stringify(request.converse.messages).split('step so far').length > 2
      ? 'The final answer is 42.'
      : 'step so far',
  z3: () => fenced('smt', '(check-sat)'),
  executecode: () => fenced('js', 'x'),
  cot_reflection: () => '<thinking>t</thinking><output>It is 42.</output>',
};

/** What models say where a technique makes as many calls as it may. */
export const farthest = (name: StageName) => sayings[name] ?? (() => 'Score: 7');

/** A script and a program that are wrong however often they are repaired, and a page. */
export const stubbornServices: Services = {
  solver: async () => async () => {
    throw Object.assign(new Error('refused'), { name: 'ScriptError' });
  },
  program: async () => async () => ({ output: 'failed', failed: true }),
  readPage: async () => async () => ({ text: 'A page.' }),
};
