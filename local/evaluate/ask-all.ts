import type { RunProgram } from '../../lambda/sandbox/program.ts';
import { type Answer, type AnswersFile, type Arm, arms } from './answers-file.ts';
import { AskError, type Asker } from './ask.ts';
import { shuffled } from './chance.ts';
import { grade, promptOf } from './grade.ts';
import type { Question } from './question-set.ts';

export interface AskingAll {
  questions: readonly Question[];
  technique: string;
  model: string;
  maxTokens: number | undefined;
  repeat: number;
  parallel: number;
  random: () => number;
  asker: Pick<Asker, 'ask'>;
  /** The sandbox for answers that are programs. */
  runProgram: RunProgram;
  file: AnswersFile;
  /** Called as each is there. */
  onAnswer: (done: number, of: number) => void;
}

export interface Outcome {
  answers: Answer[];
  /** Requests that failed, in the gateway's words: they are no wrong answers, and are asked again the next time. */
  failures: string[];
  /** Set where it ended before all was asked. */
  stopped?: string;
}

interface Task {
  question: Question;
  arm: Arm;
  repeat: number;
}

/** Failures one after the other that end an evaluation: what goes on failing need not be asked further. */
const mostFailures = 5;

/** Asks what has not been answered, in an order that gives neither arm the better hour. */
export async function askAll(asking: AskingAll): Promise<Outcome> {
  const { file, parallel, random, questions, repeat } = asking;
  const tasks = tasksOf(questions, repeat);
  const wanted = new Set(tasks.map(keyOf));
  const answers = file.answers.filter((answer) =>
    wanted.has(`${answer.question} ${answer.arm} ${answer.repeat}`),
  );
  const known = new Set(answers.map(({ question, arm, repeat }) => `${question} ${arm} ${repeat}`));
  const open = shuffled(
    tasks.filter((task) => !known.has(keyOf(task))),
    random,
  );
  const outcome: Outcome = { answers, failures: [] };
  let inRow = 0;
  const worker = async () => {
    for (let task = open.pop(); task && outcome.stopped === undefined; task = open.pop()) {
      try {
        const answer = await answered(task, asking);
        await file.add(answer);
        answers.push(answer);
        inRow = 0;
        asking.onAnswer(answers.length, tasks.length);
      } catch (error) {
        if (!(error instanceof AskError)) throw error;
        const message = `${task.question.id}, ${task.arm}: ${error.message}`;
        outcome.failures.push(message);
        inRow += 1;
        if (error.isFinal || inRow >= mostFailures) outcome.stopped ??= message;
      }
    }
  };
  await Promise.all(Array.from({ length: parallel }, worker));
  return outcome;
}

const tasksOf = (questions: readonly Question[], repeat: number): Task[] =>
  questions.flatMap((question) =>
    Array.from({ length: repeat }, (_, i) => arms.map((arm) => ({ question, arm, repeat: i + 1 }))).flat(),
  );

const keyOf = ({ question, arm, repeat }: Task): string => `${question.id} ${arm} ${repeat}`;

async function answered({ question, arm, repeat }: Task, asking: AskingAll): Promise<Answer> {
  const { asker, model, maxTokens, technique, runProgram } = asking;
  const { warnings, cutOff, ...asked } = await asker.ask({
    prompt: promptOf(question),
    model,
    maxTokens,
    technique: arm === 'plain' ? 'none' : technique,
  });
  const graded = await grade(question.check, asked.text, runProgram);
  return {
    question: question.id,
    arm,
    repeat,
    ...graded,
    ...asked,
    ...(cutOff && { cutOff }),
    ...(warnings.length > 0 && { warnings }),
  };
}
