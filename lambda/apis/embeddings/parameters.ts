import { type Parameter, user } from '../shared/parameters.ts';
import { embeddingsSchema } from './schema.ts';

/** Every parameter of the schema has an effect; the one of OpenAI's beside them has none. */
export const parameters: Readonly<Record<string, Pick<Parameter, 'effect'>>> = {
  ...Object.fromEntries(Object.keys(embeddingsSchema.entries).map((name) => [name, { effect: 'used' }])),
  user,
};
