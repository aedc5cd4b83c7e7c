import { GatewayError } from '../../errors.ts';
import { written } from '../../fields.ts';

/** The 400 of the strict mode. */
export function unknownParameter(name: string): GatewayError {
  return new GatewayError({
    status: 400,
    reason: 'unsupported',
    code: 'unknown_parameter',
    param: written(name),
    message: `Unknown parameter: '${name.slice(0, 100)}'. This gateway is set to refuse parameters it does not know (STRICT_PARAMETERS).`,
  });
}
