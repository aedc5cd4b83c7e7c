import { type GatewayError, unsupported } from '../../errors.ts';
import type { Note } from '../../fields.ts';

/** The 400 for what the body format of an imported model has no place for. */
export function cannotCarry(what: string, param: Note): GatewayError {
  return unsupported(
    `This imported model is called in a body format that has no place for ${what}. ` +
      'Leave that out, use another model, or choose another format for this one in IMPORTED_MODEL_FORMATS.',
    param,
  );
}
