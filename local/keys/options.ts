import { parseArgs } from 'node:util';
import type { KeyRecord } from '../../lambda/auth/key-record.ts';
import { singleKeyName } from '../../lambda/auth/parse-keys.ts';
import { isTechnique, type TechniqueName, techniqueNames } from '../../lambda/settings/techniques.ts';
import { fileStore, type KeyStore } from './key-store.ts';
import { KeysError } from './keys-error.ts';
import { changedLimits, type LimitValues, limitNames, limitUsage, none } from './limit-options.ts';
import { secretStore } from './secret-store.ts';

export const usage = `Usage: gateway keys <command> [--secret <arn> | --file <path>]

  create --name <name>           make a key and show it, once
    --models <patterns>          models it may use, separated by commas; * stands for anything
    --expires <time>             2027-01-31 or 2027-01-31T12:00:00Z
    --guardrail <id>:<version>   enforced on every call
    --metadata <name>=<value>    added to Bedrock's request metadata; may be repeated
    --techniques <names>         optimisation techniques it may use, separated by commas; none: no technique
    --max-calls <number>         model calls that a technique may make for one of its requests
    --aws-role <arn>             an IAM role that its calls are made as, for AWS's bill
    --project <id>               a Bedrock project that its calls belong to
    --profile <id>=<arn>         an application inference profile in place of a model; may be repeated
    --team <name>                the team that it belongs to, whose limits hold for it too
    --admin                      may see what all keys have used (/admin); --no-admin: not any more
${limitUsage}
  update --name <name>           other rights for a key, by the options of create; ${none} takes one away
  rotate --name <name>           a new key for the same name, shown once
    --grace <time>               how long the key before still opens: 0, 30m, 24h (the default), 7d
  list                           the keys and what they may do
  revoke --name <name>           shut a key; \`${singleKeyName}\` is the one that stands alone

Keys are kept in the secret or file given, else in that of API_KEY_SECRET_ARN or API_KEY_FILE.
`;

export type Action = 'create' | 'update' | 'rotate' | 'list' | 'revoke';

export interface KeysCommand {
  action: Action | 'help';
  values: Values;
}

export interface Values extends LimitValues {
  name?: string;
  models?: string;
  expires?: string;
  guardrail?: string;
  metadata?: string[];
  techniques?: string;
  'max-calls'?: string;
  'aws-role'?: string;
  project?: string;
  profile?: string[];
  team?: string;
  admin?: boolean;
  grace?: string;
  secret?: string;
  file?: string;
}

const place = ['secret', 'file'];
const rights: readonly (keyof Values)[] = [
  'models',
  'expires',
  'guardrail',
  'metadata',
  'techniques',
  'max-calls',
  'aws-role',
  'project',
  'profile',
  'team',
  'admin',
  ...limitNames,
];
/** Options that can be taken away whole, and the members of a record that they set. */
const removable: readonly (readonly [option: keyof Values, member: keyof KeyRecord])[] = [
  ['models', 'models'],
  ['expires', 'expires'],
  ['guardrail', 'guardrail'],
  ['metadata', 'metadata'],
  ['aws-role', 'awsRoleArn'],
  ['project', 'projectIdentifier'],
  ['profile', 'profiles'],
  ['team', 'team'],
];
const allowed: Readonly<Record<Action, readonly string[]>> = {
  create: ['name', ...rights, ...place],
  update: ['name', ...rights, ...place],
  rotate: ['name', 'grace', ...place],
  list: place,
  revoke: ['name', ...place],
};

const isAction = (word: string | undefined): word is Action =>
  word !== undefined && Object.hasOwn(allowed, word);

/** Throws KeysError. */
export function readCommand(args: string[]): KeysCommand {
  const { values, positionals } = parse(args);
  const { help, ...rest } = values;
  const [action, ...more] = positionals;
  if (help || action === 'help') return { action: 'help', values: {} };
  if (!isAction(action)) {
    throw new KeysError(`${action ? `Unknown command: ${action}.` : 'No command given.'}\n\n${usage}`);
  }
  if (more.length > 0) throw new KeysError(`${action} takes options only; the name goes into --name.`);
  const stray = Object.keys(rest).find((name) => !allowed[action].includes(name));
  if (stray) throw new KeysError(`${action} does not take --${stray}.`);
  return { action, values: rest };
}

/** As `parseArgs` wants them. */
export const limitStrings = Object.fromEntries(
  limitNames.map((name) => [name, { type: 'string' }]),
) as Record<(typeof limitNames)[number], { type: 'string' }>;

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      allowNegative: true,
      options: {
        name: { type: 'string' },
        models: { type: 'string' },
        expires: { type: 'string' },
        guardrail: { type: 'string' },
        metadata: { type: 'string', multiple: true },
        techniques: { type: 'string' },
        'max-calls': { type: 'string' },
        'aws-role': { type: 'string' },
        project: { type: 'string' },
        profile: { type: 'string', multiple: true },
        team: { type: 'string' },
        admin: { type: 'boolean' },
        grace: { type: 'string' },
        ...limitStrings,
        secret: { type: 'string' },
        file: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new KeysError(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
  }
}

/** Options first, environment second. Throws KeysError. */
export function chooseStore(
  values: Pick<Values, 'secret' | 'file'>,
  env: Record<string, string | undefined>,
): KeyStore {
  const given = values.secret ?? values.file;
  const secret = given === undefined ? env.API_KEY_SECRET_ARN : values.secret;
  const file = given === undefined ? env.API_KEY_FILE : values.file;
  if (secret && file) throw new KeysError('Give one of --secret and --file, not both.');
  if (file) return fileStore(file);
  if (!secret) throw new KeysError('Say where the keys are: --secret <arn> or --file <path>.');
  if (!/^arn:[\w-]+:secretsmanager:[\w-]+:/.test(secret)) {
    throw new KeysError(
      '--secret must be the ARN of a secret: arn:aws:secretsmanager:<region>:<account>:secret:<name>.',
    );
  }
  return secretStore(secret);
}

/** Throws KeysError for a new key from which something is to be taken away: `none` is no value. */
export function refuseNone(values: Values): void {
  const option = [...removable.map(([each]) => each), ...limitNames].find(
    (each) => String(values[each]) === none,
  );
  if (option !== undefined)
    throw new KeysError(
      `--${option} ${none} takes something away, and a new key has nothing yet: leave it out.`,
    );
}

/** Throws KeysError for what is missing or cannot be taken apart; the document checks the rest. */
export function toRecord(values: KeysCommand['values'], now: number): Omit<KeyRecord, 'sha256'> {
  const { expires } = values;
  if (expires !== undefined && Date.parse(expires) <= now) throw new KeysError('--expires is in the past.');
  return {
    name: requireName(values),
    ...(values.models !== undefined && { models: toModels(values.models) }),
    ...(expires !== undefined && { expires }),
    ...(values.guardrail !== undefined && { guardrail: toGuardrail(values.guardrail) }),
    ...(values.metadata !== undefined && {
      metadata: toPairs('metadata', '<name>=<value>', values.metadata),
    }),
    ...toOptimisation(values),
    ...(values['aws-role'] !== undefined && { awsRoleArn: values['aws-role'] }),
    ...(values.project !== undefined && { projectIdentifier: values.project }),
    ...(values.profile !== undefined && { profiles: toPairs('profile', '<id>=<arn>', values.profile) }),
    ...(values.team !== undefined && { team: values.team }),
    ...(values.admin !== undefined && { admin: values.admin }),
    ...toLimits(changedLimits(values)),
  };
}

const toLimits = (limits: KeyRecord['limits']) => (limits ? { limits } : {});

/**
 * A record with other rights: what an option names is as it says, or gone where it says `none`, and the rest is as it
 * was. Throws KeysError, also where no option names anything.
 */
export function changedRecord(record: KeyRecord, values: Values, now: number): KeyRecord {
  if (rights.every((right) => values[right] === undefined))
    throw new KeysError('Say what is to change, for example --dollars-per-day 25.');
  const gone = removable.filter(([option]) => String(values[option]) === none);
  const isGone = (name: string, at: 0 | 1) => gone.some((pair) => pair[at] === name);
  const kept = Object.fromEntries(Object.entries(values).filter(([option]) => !isGone(option, 0)));
  const { techniques: _, 'max-calls': __, ...plain } = kept as Values;
  const { limits: ___, ...changes } = toRecord({ ...plain, name: values.name ?? record.name }, now);
  const { limits: before, optimisation, ...rest } = record;
  const entries = Object.entries({ ...rest, ...changes }).filter(([member]) => !isGone(member, 1));
  // Nothing that a record must have can be gone.
  const changed = Object.fromEntries(entries) as Omit<KeyRecord, 'limits' | 'optimisation'>;
  const techniques = changedOptimisation(values, optimisation);
  return {
    ...changed,
    ...(techniques !== undefined && { optimisation: techniques }),
    ...toLimits(changedLimits(values, before)),
  };
}

/** Which techniques and how many calls are one member of a record: what no option names of it stays. */
function changedOptimisation(
  values: Values,
  before: KeyRecord['optimisation'],
): KeyRecord['optimisation'] | undefined {
  const { techniques, 'max-calls': calls } = values;
  if (calls !== none) {
    const { optimisation: said } = toOptimisation(values);
    if (said === undefined || said === false) return said ?? before;
    if (before === false && techniques === undefined)
      throw new KeysError(
        '--max-calls says nothing of a key with --techniques none: give it techniques too.',
      );
    return { ...(before || {}), ...said };
  }
  const { optimisation: said } = toOptimisation({ techniques });
  if (said === false) throw new KeysError('--max-calls says nothing beside --techniques none.');
  const { maxCalls: _, ...left } = { ...(before || {}), ...said };
  if (before === false && said === undefined) return false;
  return Object.keys(left).length > 0 ? left : undefined;
}

export function requireName(values: KeysCommand['values']): string {
  if (!values.name) throw new KeysError('Give the key a --name.');
  return values.name;
}

function toModels(value: string): string[] {
  const patterns = value.split(',').map((pattern) => pattern.trim());
  const models = patterns.filter((pattern) => pattern !== '');
  if (models.length === 0) throw new KeysError('--models names no model. Leave it out to allow all.');
  return models;
}

function toOptimisation({
  techniques,
  'max-calls': maxCalls,
}: KeysCommand['values']): Pick<KeyRecord, 'optimisation'> {
  const limit = maxCalls === undefined ? undefined : toMaxCalls(maxCalls);
  if (techniques?.trim() === 'none') {
    if (limit !== undefined) throw new KeysError('--max-calls says nothing beside --techniques none.');
    return { optimisation: false };
  }
  const names = techniques === undefined ? undefined : toTechniques(techniques);
  if (names === undefined && limit === undefined) return {};
  return {
    optimisation: { ...(names && { techniques: names }), ...(limit !== undefined && { maxCalls: limit }) },
  };
}

function toTechniques(value: string): TechniqueName[] {
  const names = value
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  const unknown = names.find((name) => !isTechnique(name));
  if (unknown !== undefined)
    throw new KeysError(
      `--techniques: there is no technique ${unknown}. There are ${techniqueNames.join(', ')}; none by itself allows none.`,
    );
  if (names.length === 0)
    throw new KeysError('--techniques names no technique. Leave it out to allow all, or say none.');
  return [...new Set(names.filter(isTechnique))];
}

function toMaxCalls(value: string): number {
  if (/^[1-9]\d{0,5}$/.test(value.trim())) return Number(value);
  throw new KeysError(`--max-calls must be a whole number from 1 to 999999, not ${value}.`);
}

/** The last colon parts them: an ARN has colons of its own. */
function toGuardrail(value: string): NonNullable<KeyRecord['guardrail']> {
  const colon = value.lastIndexOf(':');
  if (colon < 1)
    throw new KeysError('--guardrail must be <id>:<version>, for example abc123:1 or abc123:DRAFT.');
  return { guardrailIdentifier: value.slice(0, colon), guardrailVersion: value.slice(colon + 1) };
}

function toPairs(option: string, form: string, pairs: string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const equals = pair.indexOf('=');
      if (equals < 1) throw new KeysError(`--${option} must be ${form}, not ${pair}.`);
      return [pair.slice(0, equals), pair.slice(equals + 1)];
    }),
  );
}
