import type { Principal } from '../auth/principal.ts';
import { isObject } from '../canonical/json.ts';
import type { Config } from '../config.ts';
import { badRequest, GatewayError } from '../errors.ts';
import { field, type Note } from '../fields.ts';
import {
  aliasOfWhole,
  isFriendly,
  readTechniqueName,
  type TechniqueName,
  techniqueName,
} from '../models/resolve/technique-name.ts';
import { isTechnique, type StageName, techniqueNames } from '../settings/techniques.ts';
import { type Expression, invalidTechnique, parseExpression, type Stage, stagesOf } from './expression.ts';
import { type AskedInBody, readMembers, type Values } from './members.ts';
import { techniqueMembers } from './recognise.ts';
import { type Params, paramsOf, techniques } from './table.ts';

export type TechniqueSettings = Pick<
  Config,
  | 'aliases'
  | 'optimisation'
  | 'optimisationTechniques'
  | 'optimisationMaxCalls'
  | 'optimisationConcurrency'
  | 'optimisationProgress'
  | 'executecodeEngine'
>;

/** What a request asks for, and may. */
export interface Selection {
  expression: Expression;
  /** Where the expression stands in the request. */
  param: Note;
  paramsOf(stage: Stage): Params;
  /** Inner calls. */
  maxCalls: number;
  /** Tokens that all calls together may write. */
  maxOutputTokens: number | undefined;
  /** Models by step (`moa/sample`) or role (`sample`); gone through in turn. */
  models: ReadonlyMap<string, readonly string[]>;
}

export interface Selected {
  /** The client's body without anything that asks for a technique. */
  body: Record<string, unknown>;
  /** Absent: none is asked for. */
  selection?: Selection;
  /** Members without effect. */
  ignored: string[];
}

export interface SelectDeps {
  settings: TechniqueSettings;
  principal: Principal;
  /** Whether the account has a model of this name that the caller may use. */
  isListed(name: string): Promise<boolean>;
}

/** Reads what a client's body asks for. Throws a 400 or 403 that names what is at fault; nothing has been called. */
export async function select(given: Readonly<Record<string, unknown>>, deps: SelectDeps): Promise<Selected> {
  const members = readMembers(given);
  const body = stripped(given);
  const { aliases } = deps.settings;
  const name = typeof given.model === 'string' ? readTechniqueName(aliases, given.model) : undefined;
  const prefix = name && (await isPrefix(name, deps)) ? name : undefined;
  if (prefix) body.model = prefix.model;
  const byName = prefix && parseExpression(prefix.head, field('model'));
  if (prefix) await refuseSecond(prefix, deps);
  const inBody = members.asked && parseExpression(members.asked.text, members.asked.param);
  const expression = inBody ?? byName;
  const param = members.asked?.param ?? field('model');
  const ranMcts = expression !== undefined && stagesOf(expression).some((stage) => stage.name === 'mcts');
  const ignored = ranMcts ? [] : members.mctsMembers;
  const isAsked = expression && (expression.kind !== 'stage' || expression.name !== 'none');
  if (!expression || !isAsked) return { body, ignored };
  for (const stage of stagesOf(expression)) permitted(stage.name, param, deps);
  return { body, ignored, selection: selectionOf(expression, param, members, deps) };
}

function stripped(given: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const body = { ...given };
  const extra = isObject(body.extra_body) ? { ...body.extra_body } : undefined;
  for (const name of techniqueMembers) {
    delete body[name];
    if (extra) delete extra[name];
  }
  return { ...body, ...(extra && { extra_body: extra }) };
}

/** What stands in the account under the whole name is a model, whatever its name begins with: `leap-7b`. */
async function isPrefix({ head, rest }: TechniqueName, { settings, isListed }: SelectDeps): Promise<boolean> {
  if (rest === '' || !isFriendly(settings.aliases, rest)) return true;
  return !(await isListed(`${head}-${rest}`));
}

async function refuseSecond({ head, rest, model }: TechniqueName, deps: SelectDeps): Promise<void> {
  const param = field('model');
  if (rest === '')
    throw invalidTechnique(`Behind the technique \`${head}-\` the name of a model is missing.`, param);
  const { aliases } = deps.settings;
  const second = model === rest && !aliasOfWhole(aliases, rest) ? techniqueName(aliases, rest) : undefined;
  if (!second || !(await isPrefix(second, deps))) return;
  throw invalidTechnique(
    `\`${head}-${second.head}-\` are two techniques before one model. Write \`${head}&${second.head}-${second.rest}\` ` +
      `for one after the other, or \`${head}|${second.head}-${second.rest}\` for both side by side.`,
    param,
  );
}

function permitted(name: StageName, param: Note, { settings, principal }: SelectDeps): void {
  if (!isTechnique(name)) return;
  if (!settings.optimisation) throw notEnabled(name, 'ENABLE_OPTIMISATION', 'is not set', param);
  if (!settings.optimisationTechniques.includes(name))
    throw notEnabled(name, 'OPTIMISATION_TECHNIQUES', 'leaves it out', param);
  if (name === 'executecode' && settings.executecodeEngine === 'off')
    throw notEnabled(name, 'EXECUTECODE_ENGINE', 'is off', param);
  const rights = principal.optimisation;
  if (rights === undefined || (rights && (rights.techniques ?? techniqueNames).includes(name))) return;
  throw new GatewayError({
    status: 403,
    reason: 'forbidden',
    code: 'technique_not_allowed',
    param,
    message: `This API key may not use the technique \`${name}\`.`,
  });
}

const notEnabled = (name: string, setting: string, why: string, param: Note) =>
  badRequest(
    `The technique \`${name}\` is not enabled on this gateway: ${setting} ${why}.`,
    param,
    'technique_not_enabled',
  );

function selectionOf(
  expression: Expression,
  param: Note,
  { params, maxCalls, maxOutputTokens, models }: AskedInBody,
  { settings, principal }: SelectDeps,
): Selection {
  const own = principal.optimisation === false ? undefined : principal.optimisation?.maxCalls;
  const limits = [settings.optimisationMaxCalls, own, maxCalls].filter((limit) => limit !== undefined);
  const values = new Map(stagesOf(expression).map((stage) => [stage, valuesOf(stage, params, param)]));
  return {
    expression,
    param,
    paramsOf: (stage) => values.get(stage) ?? {},
    maxCalls: Math.min(...limits),
    maxOutputTokens,
    models,
  };
}

/** What the expression says goes before what `params` say. */
function valuesOf(stage: Stage, params: ReadonlyMap<string, Values>, param: Note): Params {
  const said = new Map<string, number>();
  for (const { name, value, at } of params.get(stage.name) ?? [])
    said.set(name, checked(stage.name, name, value, at));
  for (const { name, text } of stage.params) said.set(name, checked(stage.name, name, Number(text), param));
  return paramsOf(stage.name, Object.fromEntries(said));
}

function checked(technique: StageName, name: string, value: number, param: Note): number {
  const known = techniques[technique].params;
  const row = Object.hasOwn(known, name) ? known[name] : undefined;
  const ranges = Object.entries(known).map(([each, { min, max }]) => `${each} (${min} to ${max})`);
  if (!row)
    throw badRequest(
      `The technique \`${technique}\` has no parameter ${name.slice(0, 60)}. It has ${ranges.join(', ') || 'none'}.`,
      param,
    );
  if (value >= row.min && value <= row.max && (row.fraction || Number.isInteger(value))) return value;
  const kind = row.fraction ? 'a number' : 'a whole number';
  throw badRequest(
    `The parameter ${name} of \`${technique}\` must be ${kind} from ${row.min} to ${row.max}, but is ${value}.`,
    param,
  );
}
