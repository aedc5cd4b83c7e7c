import { badRequest } from '../../errors.ts';

/** The 400 for what is wrong in a name's own text: the same for every key, whatever the account has. */
export const invalidNameCode = 'invalid_model_name';

export const invalidName = (name: string, why: string) =>
  badRequest(`The model name \`${name.slice(0, 200)}\` cannot be used: ${why}.`, 'model', invalidNameCode);
