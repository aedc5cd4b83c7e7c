import { isObject } from '../canonical/json.ts';
import { badRequest } from '../errors.ts';
import { type Note, written } from '../fields.ts';
import { isStage, isTechnique } from '../settings/techniques.ts';
import { techniques } from './table.ts';

/** One value of `params`, and the path that the client wrote. */
export type Values = { name: string; value: number; at: Note }[];

/** What the members of a body say. */
export interface AskedInBody {
  asked: { text: string; param: Note } | undefined;
  /** By technique. */
  params: ReadonlyMap<string, Values>;
  maxCalls: number | undefined;
  maxOutputTokens: number | undefined;
  models: ReadonlyMap<string, readonly string[]>;
  /** OptiLLM's parameters of mcts that are there. */
  mctsMembers: string[];
}

type Fields = Readonly<Record<string, unknown>>;

const mctsMembers = {
  mcts_simulations: 'simulations',
  mcts_exploration: 'exploration',
  mcts_depth: 'depth',
} as const;

const known = ['technique', 'params', 'models', 'max_calls', 'max_output_tokens'];
/** Models that one request may name for roles. */
const maxModels = 32;

/** Reads `optimisation`, `optillm_approach` and OptiLLM's own parameters. null counts as not given. Throws a 400. */
export function readMembers(body: Fields): AskedInBody {
  const extra = isObject(body.extra_body) ? body.extra_body : {};
  const given = (name: string): unknown => body[name] ?? extra[name] ?? undefined;
  const optimisation = given('optimisation');
  const object = isObject(optimisation) ? optimisation : {};
  if (optimisation !== undefined && typeof optimisation !== 'string' && !isObject(optimisation))
    throw wrong('optimisation', 'it must be a technique, or an object with technique');
  for (const name of Object.keys(object)) {
    if (!known.includes(name))
      throw badRequest(
        `Unknown parameter: 'optimisation.${name.slice(0, 60)}'. The members are ${known.join(', ')}.`,
        written(`optimisation.${name}`),
      );
  }
  return {
    asked: readAsked(
      typeof optimisation === 'string' ? optimisation : object.technique,
      given('optillm_approach'),
    ),
    params: readParams(object.params, given),
    maxCalls: readCount(object.max_calls, 'optimisation.max_calls'),
    maxOutputTokens: readCount(object.max_output_tokens, 'optimisation.max_output_tokens'),
    models: readModels(object.models),
    mctsMembers: Object.keys(mctsMembers).filter((name) => given(name) !== undefined),
  };
}

/** `auto` is OptiLLM's word for: as the name of the model says. */
function readAsked(technique: unknown, approach: unknown): AskedInBody['asked'] {
  const own = readText(technique, 'optimisation');
  const theirs = readText(approach, 'optillm_approach');
  const other = theirs?.trim() === 'auto' ? undefined : theirs;
  if (own !== undefined && other !== undefined && plain(own) !== plain(other))
    throw badRequest(
      "'optimisation' and 'optillm_approach' ask for different techniques. Send one of them.",
      written('optimisation'),
    );
  if (own !== undefined) return { text: own, param: written('optimisation') };
  return other === undefined ? undefined : { text: other, param: written('optillm_approach') };
}

const plain = (text: string) => text.replace(/\s/g, '');
/** Characters of an expression. */
const maxText = 500;

function readText(value: unknown, at: string): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw wrong(at, 'it must be a text such as bon or re2&moa');
  if (value.length > maxText) throw wrong(at, `it must have at most ${maxText} characters`);
  return value;
}

function readParams(value: unknown, given: (name: string) => unknown): AskedInBody['params'] {
  const params = new Map<string, Values>();
  for (const [technique, values] of Object.entries(readObject(value, 'optimisation.params'))) {
    const at = `optimisation.params.${technique}`;
    if (!isTechnique(technique))
      throw badRequest(`There is no technique \`${technique.slice(0, 60)}\`.`, written(at));
    const read = Object.entries(readObject(values, at)).map(([name, each]) => ({
      name,
      value: readNumber(each, `${at}.${name}`),
      at: written(`${at}.${name}`),
    }));
    params.set(technique, read);
  }
  for (const [member, name] of Object.entries(mctsMembers)) {
    const each = given(member);
    if (each === undefined) continue;
    params.set('mcts', [
      ...(params.get('mcts') ?? []),
      { name, value: readNumber(each, member), at: written(member) },
    ]);
  }
  return params;
}

/** A model, or several that are gone through in turn, for a step such as `moa/sample` or a role such as `sample`. */
function readModels(value: unknown): AskedInBody['models'] {
  const at = 'optimisation.models';
  const models = new Map<string, readonly string[]>();
  for (const [role, names] of Object.entries(readObject(value, at))) {
    refuseUnknown(role, at);
    const list: unknown[] = Array.isArray(names) ? names : [names];
    const isList = list.length > 0 && list.every((name) => typeof name === 'string' && name !== '');
    if (!isList) throw wrong(`${at}.${role}`, 'it must be the name of a model, or a list of them');
    models.set(role, list as string[]);
  }
  const count = [...models.values()].flat().length;
  if (count > maxModels) throw wrong(at, `it must have at most ${maxModels} models`);
  return models;
}

/** A role that no technique has would leave its calls to another model than the client thinks. */
function refuseUnknown(role: string, at: string): void {
  const slash = role.indexOf('/');
  const [name, own] = slash < 0 ? [role] : [role.slice(0, slash), role.slice(slash + 1)];
  const rows = own === undefined ? Object.values(techniques) : isStage(name) ? [techniques[name]] : [];
  const known = [...new Set(rows.flatMap(({ roles }) => roles))];
  if (known.includes(own ?? name)) return;
  const whose =
    own === undefined || known.length === 0
      ? 'no technique has this step'
      : `the steps of ${name} are ${known.join(', ')}`;
  throw badRequest(
    `Invalid value for '${at}': there is nothing called ${JSON.stringify(role.slice(0, 60))}; ${whose}.`,
    written(`${at}.${role.slice(0, 60)}`),
  );
}

function readObject(value: unknown, at: string): Fields {
  if (value === undefined || value === null) return {};
  if (!isObject(value)) throw wrong(at, 'it must be an object');
  return value;
}

function readNumber(value: unknown, at: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw wrong(at, 'it must be a number');
  return value;
}

function readCount(value: unknown, at: string): number | undefined {
  if (value === undefined || value === null) return undefined;
  const count = readNumber(value, at);
  if (!Number.isInteger(count) || count < 1) throw wrong(at, 'it must be a whole number of at least 1');
  return count;
}

const wrong = (at: string, what: string) => badRequest(`Invalid value for '${at}': ${what}.`, written(at));
