import type { Answer, Arm, Subject } from './answers-file.ts';
import { seeded } from './chance.ts';
import type { Question } from './question-set.ts';
import { bootstrap, type Interval, mcnemar, mean, quantile, signFlips, wilson } from './statistics.ts';

/** What one arm came to. */
export interface ArmSummary {
  answers: number;
  right: number;
  /** Answers in which nothing could be read in the form that was asked for; they are wrong. */
  unread: number;
  /** Answers that reached their limit of tokens. */
  cutOff: number;
  /** Share of right answers, the mean over the questions. */
  accuracy: number;
  /** Wilson's, for as many trials as there are questions. */
  interval: Interval;
  calls: number;
  inputTokens: number;
  outputTokens: number;
  /** US dollars of those whose cost is known; undefined: of none. */
  cost: number | undefined;
  /** Answers whose cost is not known. */
  unpriced: number;
  /** Milliseconds of an answer. */
  medianMs: number | undefined;
  slowMs: number | undefined;
}

/** The technique against the plain model, question by question. */
export interface Difference {
  /** Questions that both have answered as often as was asked. */
  questions: number;
  /** Of the share of right answers. */
  accuracy: number;
  interval: Interval;
  /** Questions that the technique answers right more often, and less often. */
  gained: number;
  lost: number;
  /** How likely chance alone makes such a difference. */
  p: number;
  test: 'McNemar, exact' | 'sign flips';
}

export interface Summary extends Subject {
  questions: number;
  repeat: number;
  seed: number;
  plain: ArmSummary;
  withTechnique: ArmSummary;
  difference: Difference;
  topics: { topic: string; questions: number; plain: number; withTechnique: number }[];
  failures: string[];
  stopped?: string;
}

export interface Summing {
  subject: Subject;
  questions: readonly Question[];
  repeat: number;
  seed: number;
  answers: readonly Answer[];
  failures: readonly string[];
  stopped: string | undefined;
}

export function summarise({
  subject,
  questions,
  repeat,
  seed,
  answers,
  failures,
  stopped,
}: Summing): Summary {
  const shares = sharesOf(answers);
  const topics = Map.groupBy(questions, ({ topic = '-' }) => topic);
  const accuracy = (of: readonly Question[], arm: Arm) =>
    mean(of.flatMap(({ id }) => shares[arm].get(id)?.share ?? []));
  return {
    ...subject,
    questions: questions.length,
    repeat,
    seed,
    plain: armOf(answers.filter(({ arm }) => arm === 'plain')),
    withTechnique: armOf(answers.filter(({ arm }) => arm === 'technique')),
    difference: differenceOf(questions, shares, repeat, seed),
    topics: [...topics].map(([topic, of]) => ({
      topic,
      questions: of.length,
      plain: accuracy(of, 'plain'),
      withTechnique: accuracy(of, 'technique'),
    })),
    failures: [...failures],
    ...(stopped !== undefined && { stopped }),
  };
}

type Shares = Record<Arm, Map<string, { share: number; times: number }>>;

function sharesOf(answers: readonly Answer[]): Shares {
  const of = (wanted: Arm) => {
    const byQuestion = Map.groupBy(
      answers.filter(({ arm }) => arm === wanted),
      ({ question }) => question,
    );
    const share = (each: Answer[]) => ({
      share: mean(each.map(({ right }) => Number(right))),
      times: each.length,
    });
    return new Map([...byQuestion].map(([question, each]) => [question, share(each)]));
  };
  return { plain: of('plain'), technique: of('technique') };
}

function armOf(answers: readonly Answer[]): ArmSummary {
  const sum = (count: (answer: Answer) => number) => answers.reduce((total, each) => total + count(each), 0);
  const byQuestion = Map.groupBy(answers, ({ question }) => question);
  const accuracy = mean([...byQuestion.values()].map((each) => mean(each.map(({ right }) => Number(right)))));
  const unpriced = answers.filter(({ cost }) => cost === undefined).length;
  const times = answers.map(({ ms }) => ms);
  return {
    answers: answers.length,
    right: answers.filter(({ right }) => right).length,
    unread: answers.filter(({ read }) => read === undefined).length,
    cutOff: answers.filter(({ cutOff }) => cutOff).length,
    accuracy,
    interval: wilson(accuracy, byQuestion.size),
    calls: sum(({ calls }) => calls),
    inputTokens: sum(({ inputTokens }) => inputTokens),
    outputTokens: sum(({ outputTokens }) => outputTokens),
    cost: unpriced < answers.length ? sum(({ cost }) => Number(cost ?? 0)) : undefined,
    unpriced,
    medianMs: quantile(times, 0.5),
    slowMs: quantile(times, 0.9),
  };
}

/** A question that one of the arms has not answered as often as the other says nothing of the two. */
function differenceOf(
  questions: readonly Question[],
  { plain, technique }: Shares,
  repeat: number,
  seed: number,
): Difference {
  const differences = questions.flatMap(({ id }) => {
    const [before, after] = [plain.get(id), technique.get(id)];
    return before?.times === repeat && after?.times === repeat ? [after.share - before.share] : [];
  });
  const gained = differences.filter((each) => each > 0).length;
  const lost = differences.filter((each) => each < 0).length;
  const random = seeded(seed);
  return {
    questions: differences.length,
    accuracy: mean(differences),
    interval: bootstrap(differences, random),
    gained,
    lost,
    ...(repeat === 1
      ? { p: mcnemar(gained, lost), test: 'McNemar, exact' as const }
      : { p: signFlips(differences, random), test: 'sign flips' as const }),
  };
}
