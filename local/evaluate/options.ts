import { fileURLToPath } from 'node:url';
import type { ParseArgsOptionsConfig } from 'node:util';
import { readArgs, UsageError } from '../commands/command.ts';

export const ownSet = fileURLToPath(new URL('./questions.jsonl', import.meta.url));

export const usage = `Usage: npm run evaluate -- --technique <expression> --model <name> [options]

Asks a set of questions with checkable answers twice, the plain model and the technique, and compares the two.
  --technique <expression>  bon, 're2&bon(n=5)', …: what is compared with the plain model
  --model <name>            any name that the gateway takes
  --set <file>              JSONL, a question a line; without it the project's own 40
  --limit <number>          only so many questions of it, drawn by --seed
  --repeat <number>         how often each is asked (1)
  --parallel <number>       questions under way at once, 1 to 32 (4)
  --max-tokens <number>     of each answer, for both
  --simulator, --aws        where; without either on Bedrock if there are credentials, else on the simulator
  --answers <file>          where answers are kept; without it .evaluations/… of this folder
  --fresh                   asks everything again; without it what was answered already is not asked again
  --seed <number>           of all chance in the choice of questions, their order and the statistics (1)
  --json                    the report as JSON

It costs what its calls cost: gateway resolve '<expression>-<model>' says how many a question are.`;

const known = {
  technique: { type: 'string' },
  model: { type: 'string' },
  set: { type: 'string' },
  limit: { type: 'string' },
  repeat: { type: 'string' },
  parallel: { type: 'string' },
  'max-tokens': { type: 'string' },
  simulator: { type: 'boolean' },
  aws: { type: 'boolean' },
  answers: { type: 'string' },
  fresh: { type: 'boolean' },
  seed: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} satisfies ParseArgsOptionsConfig;

export interface Options {
  technique: string;
  model: string;
  set: string;
  limit: number | undefined;
  repeat: number;
  parallel: number;
  maxTokens: number | undefined;
  /** Undefined: wherever there are credentials. */
  where: 'simulator' | 'aws' | undefined;
  answers: string | undefined;
  fresh: boolean;
  seed: number;
  json: boolean;
}

/** Undefined: help was asked for. Throws a UsageError that names what is wrong. */
export function readOptions(args: string[]): Options | undefined {
  const { values, positionals } = readArgs(args, known);
  if (values.help) return undefined;
  if (positionals.length > 0) throw new UsageError(`evaluate takes options only, not ${positionals[0]}.`);
  const { technique, model, simulator, aws } = values;
  if (!technique)
    throw new UsageError('--technique is missing: bon, or another one of docs/optimisation.md.');
  if (!model) throw new UsageError('--model is missing: the model that is to be asked.');
  if (simulator && aws) throw new UsageError('Give one of --simulator and --aws, not both.');
  const whole = (name: 'limit' | 'repeat' | 'parallel' | 'max-tokens' | 'seed', most: number) =>
    values[name] === undefined ? undefined : toCount(name, values[name], most);
  return {
    technique,
    model,
    set: values.set ?? ownSet,
    limit: whole('limit', 10_000),
    repeat: whole('repeat', 100) ?? 1,
    parallel: whole('parallel', 32) ?? 4,
    maxTokens: whole('max-tokens', 1_000_000),
    where: simulator ? 'simulator' : aws ? 'aws' : undefined,
    answers: values.answers,
    fresh: values.fresh === true,
    seed: whole('seed', 2 ** 31) ?? 1,
    json: values.json === true,
  };
}

function toCount(name: string, value: string, most: number): number {
  const count = /^\d{1,10}$/.test(value) ? Number(value) : 0;
  if (count >= 1 && count <= most) return count;
  throw new UsageError(`--${name} must be a whole number from 1 to ${most}, not ${value}.`);
}
