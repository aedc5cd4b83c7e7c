import { table } from '../commands/command.ts';
import type { Interval } from './statistics.ts';
import type { ArmSummary, Difference, Summary } from './summary.ts';

/** The report for people. */
export function render(summary: Summary): string {
  const { technique, model, on, questions, repeat, plain, withTechnique, difference, failures } = summary;
  const row = (name: string, cell: (arm: ArmSummary) => string) => [name, cell(plain), cell(withTechnique)];
  const figures = table([
    ['', 'plain', technique],
    row('right', ({ right, answers }) => `${right} of ${answers}`),
    row('accuracy', ({ accuracy, interval }) => `${percent(accuracy)} (${range(interval)})`),
    row('no answer found', ({ unread }) => String(unread)),
    row('cut off', ({ cutOff }) => String(cutOff)),
    row('model calls', ({ calls }) => count(calls)),
    row('tokens in', ({ inputTokens }) => count(inputTokens)),
    row('tokens out', ({ outputTokens }) => count(outputTokens)),
    row('cost', costOf),
    row(
      'an answer takes',
      ({ medianMs, slowMs }) => `${seconds(medianMs)} (9 of 10 within ${seconds(slowMs)})`,
    ),
  ]);
  return [
    `${technique} on ${model}: ${questions} questions, ${repeat === 1 ? 'once' : `${repeat} times`} each, on ${on}\n`,
    figures,
    topicsOf(summary),
    comparison(difference, summary),
    ...(failures.length > 0
      ? [
          `${failures.length} requests failed, and are asked again by the same command:\n${failures
            .slice(0, 5)
            .map((each) => `  ${each}\n`)
            .join('')}`,
        ]
      : []),
    ...(on.startsWith('the simulator') ? [simulated] : []),
  ].join('\n');
}

const simulated =
  'The simulator does not think: it repeats what it is asked. Calls, tokens and failures are real for it, while accuracy,\ntime and the difference say nothing about any model.\n';

function topicsOf({ topics, technique }: Summary): string {
  const rows = topics.map((each) => [
    each.topic,
    String(each.questions),
    percent(each.plain),
    percent(each.withTechnique),
  ]);
  return table([['topic', 'questions', 'plain', technique], ...rows]);
}

function comparison(
  { questions, accuracy, interval, gained, lost, p, test }: Difference,
  { seed }: Summary,
): string {
  const points = (share: number) => `${share > 0 ? '+' : ''}${(100 * share).toFixed(1)}`;
  const apart = gained + lost;
  const lines = [
    `Difference, ${questions} questions that both have answered: ${points(accuracy)} points, 95 % from ${points(interval.low)} to ${points(interval.high)}`,
    `  (paired bootstrap over the questions, 10,000 draws, seed ${seed}; accuracies: Wilson, one trial a question).`,
    apart > 0
      ? `  ${gained} better with the technique, ${lost} worse. ${test}: p ${p < 0.001 ? '< 0.001' : `= ${p.toFixed(3)}`}, ${verdictOf(p)}.`
      : `  No question tells the two apart. Of others they may still answer up to ${percent(mostUnseen(questions))} differently.`,
  ];
  return `${lines.join('\n')}\n`;
}

/** What 95 % of sets of this size would have shown at least once. */
const mostUnseen = (questions: number): number => (questions === 0 ? 1 : 1 - 0.05 ** (1 / questions));

/** A set of 40 sees only large differences, and one evaluation of many that were tried proves little. */
const verdictOf = (p: number): string =>
  p < 0.05 ? 'which chance alone would seldom do' : 'which chance alone may well have done';

function costOf({ cost, unpriced }: ArmSummary): string {
  if (cost === undefined) return 'not known';
  return unpriced === 0 ? `$${cost.toFixed(4)}` : `at least $${cost.toFixed(4)} (${unpriced} not known)`;
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const range = ({ low, high }: Interval): string => `${(100 * low).toFixed(0)}–${(100 * high).toFixed(0)}`;
const count = (value: number): string => value.toLocaleString('en-US');
const seconds = (ms: number | undefined): string => (ms === undefined ? '-' : `${(ms / 1000).toFixed(2)} s`);
