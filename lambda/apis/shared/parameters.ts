import { type Docs, docs } from '../../docs.ts';
import type { Fields } from './json.ts';
import { unknownParameter } from './unknown-parameter.ts';

/**
 * What becomes of a parameter. `used`: it reaches the model or the answer, or is refused. `byModel`: it is passed on,
 * and `fit/` names it in `x-gateway-ignored` where the model that answers has no use for it. `ignored`: it has no
 * effect and cannot change what the answer means; `quiet` are the values at which it asks for nothing.
 */
export interface Parameter {
  effect: 'used' | 'byModel' | 'ignored';
  note: Docs;
  quiet?: readonly unknown[];
}

/** Every parameter of an API. */
export type Parameters = Readonly<Record<string, Parameter>>;

export const used = (note: Docs): Parameter => ({ effect: 'used', note });
export const byModel = (note: Docs): Parameter => ({ effect: 'byModel', note });
export const ignored = (note: Docs, quiet: readonly unknown[] = []): Parameter => ({
  effect: 'ignored',
  note,
  quiet,
});

/** The same for every API of OpenAI's that has it. */
export const user = ignored(docs && 'Use `metadata` for cost allocation.');

/** Names of the parameters that have no effect on any model. With `strict`, an unknown one is a 400 instead. */
export function ignoredParameters(
  body: Fields,
  parameters: Readonly<Record<string, Omit<Parameter, 'note'>>>,
  strict: boolean,
): string[] {
  const names: string[] = [];
  for (const [name, value] of Object.entries(body)) {
    if (value === null || value === undefined) continue;
    const parameter = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
    if (!parameter && strict) throw unknownParameter(name);
    const { effect = 'ignored', quiet } = parameter ?? {};
    if (effect === 'ignored' && !quiet?.includes(value)) names.push(name);
  }
  return names;
}
