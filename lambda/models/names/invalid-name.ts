import { badRequest, type GatewayError } from '../../errors.ts';
import { field } from '../../fields.ts';

/** The 400 for what is wrong in a name's own text: the same for every key, whatever the account has. */
export const badName = (message: string): GatewayError =>
  badRequest(message, field('model'), 'invalid_model_name');

export const isBadName = ({ code }: GatewayError): boolean => code === 'invalid_model_name';

/** The same for a name, with what is wrong in it. */
export const invalidName = (name: string, why: string): GatewayError =>
  badName(`The model name \`${name.slice(0, 200)}\` cannot be used: ${why}.`);
