import {
  badRequest as badField,
  type ErrorCode,
  type GatewayError,
  unsupported as unsupportedField,
} from '../../errors.ts';
import { written } from '../../fields.ts';

/** A 400 that names what is at fault by the path that the client wrote, e.g. `messages[0].content`. */
export function badRequest(message: string, path?: string, code?: ErrorCode): GatewayError {
  return badField(message, path === undefined ? undefined : written(path), code);
}

/** The same for what is understood but cannot be honoured. */
export function unsupported(message: string, path: string): GatewayError {
  return unsupportedField(message, written(path));
}
