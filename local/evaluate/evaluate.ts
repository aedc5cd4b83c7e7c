import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { type Config, readConfig } from '../../lambda/config.ts';
import { written } from '../../lambda/fields.ts';
import { checkModelSettings } from '../../lambda/models/resolve/check-settings.ts';
import { once } from '../../lambda/once.ts';
import type { RunProgram } from '../../lambda/sandbox/program.ts';
import { parseExpression, renderExpression } from '../../lambda/techniques/expression.ts';
import { exit, reporting, UsageError } from '../commands/command.ts';
import { findCredentials } from '../commands/credentials.ts';
import type { Io } from '../io.ts';
import { startSimulator } from '../simulator/index.ts';
import { explainName } from '../techniques/explain.ts';
import { useSimulator } from '../use-simulator.ts';
import { openAnswers, type Subject, usualPath } from './answers-file.ts';
import { createAsker } from './ask.ts';
import { askAll } from './ask-all.ts';
import { seeded, shuffled } from './chance.ts';
import { type Options, readOptions, usage } from './options.ts';
import { type Question, readQuestionSet } from './question-set.ts';
import { render } from './report.ts';
import { summarise } from './summary.ts';

/** `npm run evaluate`: a technique against the plain model, on questions whose answers can be checked. */
export function evaluate(args: string[], io: Io): Promise<number> {
  return reporting(io, usage, async () => {
    const options = readOptions(args);
    if (!options) {
      io.stdout.write(`${usage}\n`);
      return exit.ok;
    }
    const set = readQuestionSet(await contentOf(options.set), basename(options.set));
    if (!(await onSimulator(options, io))) return run(options, set, 'Amazon Bedrock', io);
    const simulator = await startSimulator();
    useSimulator(simulator.url, io.env);
    try {
      return await run(options, set, 'the simulator', io);
    } finally {
      await simulator.close();
    }
  });
}

async function contentOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new UsageError(`--set ${path} cannot be read (${error instanceof Error ? error.message : error}).`);
  }
}

/** Nobody is to take what the simulator says for what a model says, so it is told when nobody has asked for it. */
async function onSimulator({ where }: Options, io: Io): Promise<boolean> {
  if (where !== undefined) return where === 'simulator';
  const { state, text } = await findCredentials();
  if (state !== 'bad') return false;
  io.stderr.write(`On the simulator, because Bedrock cannot be called (${text}). Insist with --aws.\n`);
  return true;
}

async function run(
  options: Options,
  { questions: all, digest }: { questions: Question[]; digest: string },
  where: string,
  io: Io,
): Promise<number> {
  const apiKey = randomUUID();
  const config = readConfig({ ENABLE_OPTIMISATION: 'true', ...io.env, API_KEY: apiKey });
  checkModelSettings(config);
  const { model, repeat, parallel, seed, maxTokens } = options;
  const technique = await checkedTechnique(options, config);
  const on = `${where}, ${config.region ?? io.env.AWS_REGION ?? 'its usual region'}`;
  const subject: Subject = {
    technique,
    model,
    on,
    set: digest,
    ...(maxTokens !== undefined && { maxTokens }),
  };
  const questions = drawn(all, options);
  const file = await openAnswers(options.answers ?? usualPath(subject), subject, options.fresh);
  const asker = createAsker(config, apiKey);
  try {
    const outcome = await askAll({
      ...{ questions, technique, model, maxTokens, repeat, parallel, asker, file },
      random: seeded(seed),
      runProgram: sandbox(io),
      onAnswer: (done, of) =>
        io.stderr.write(done % 10 === 0 || done === of ? `${done} of ${of} answers\n` : ''),
    });
    const { answers, failures, stopped } = outcome;
    if (answers.length === 0) throw new Error(stopped ?? 'nothing was answered');
    const summary = summarise({ subject, questions, repeat, seed, answers, failures, stopped });
    io.stdout.write(options.json ? `${JSON.stringify(summary, null, 2)}\n` : render(summary));
    io.stderr.write(`The answers are in ${file.path}.\n`);
    if (stopped !== undefined)
      io.stderr.write(`It ended before all was asked: ${stopped}\nThe same command goes on.\n`);
    return failures.length > 0 ? exit.failed : exit.ok;
  } finally {
    await asker.close();
  }
}

/** In its canonical form. Throws for what a request would be refused for, before anything is asked. */
async function checkedTechnique({ technique, model }: Options, config: Config): Promise<string> {
  const asked = await explainName(model, config, async () => true);
  if (asked.technique)
    throw new UsageError(`--model ${model} asks for a technique by itself. Name it with --technique alone.`);
  const expression = renderExpression(parseExpression(technique, written('--technique')));
  const { technique: found } = await explainName(`(${expression})-m`, config, async () => false);
  if (!found) throw new UsageError(`--technique ${technique} does nothing: there is nothing to compare.`);
  if (found.branches.length > 1)
    throw new UsageError(
      `--technique ${technique} gives ${found.branches.length} answers, and one is compared.`,
    );
  const [refusal] = found.refusals;
  if (refusal !== undefined) throw new UsageError(`--technique ${technique} would be refused: ${refusal}.`);
  return found.expression;
}

/** In the order of the set. */
function drawn(all: readonly Question[], { limit = all.length, seed }: Options): Question[] {
  const kept = new Set(shuffled(all, seeded(seed)).slice(0, limit));
  return all.filter((question) => kept.has(question));
}

/** Loaded when the first answer is a program. */
function sandbox(io: Io): RunProgram {
  const load = once(async () => {
    const { loadProgram } = await import('../../lambda/sandbox/program.ts');
    return loadProgram((message) => io.stderr.write(`${message}\n`));
  });
  return async (...task) => (await load())(...task);
}
