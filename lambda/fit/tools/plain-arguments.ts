import { objectRoot } from '../schema/object-root.ts';
import { plainRoot } from '../schema/plain-root.ts';
import { withoutReferences } from '../schema/without-references.ts';
import { type ArgumentsSchema, compositionsOf, inWords } from './arguments-schema.ts';

/** The same for Nova: what the root says beyond its properties goes into the description. */
export function plainArguments(given: ArgumentsSchema): ArgumentsSchema {
  const root = objectRoot(given.schema);
  const lost = new Set<string>();
  const { schema, rest } = plainRoot(root?.schema ?? given.schema, lost);
  const whole = root?.exact ? {} : compositionsOf(withoutReferences(given.schema, lost));
  const said = { ...rest, ...whole };
  const names = Object.keys(said);
  const rule = names.length > 0 ? inWords(said) : undefined;
  const fate = rule ? 'became part of the description' : 'was left out';
  const { description } = given.schema;
  return {
    ...given,
    schema,
    ...(rule && { rule }),
    ...(typeof description === 'string' && { about: description }),
    lost: [
      ...given.lost,
      ...[...lost].map((what) => `${what} was left out`),
      ...names.map((name) => `${name} at the root ${fate}`),
    ],
  };
}
