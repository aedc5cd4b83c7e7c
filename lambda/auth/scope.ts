import { ApiError } from '../errors.ts';
import type { Principal } from './principal.ts';

/** Whether this key may use a model of this name. In a pattern `*` stands for any characters, also none. */
export function isModelAllowed(principal: Principal, model: string): boolean {
  return principal.models?.some((pattern) => matches(pattern, model)) ?? true;
}

/** The 403 for a model outside the key's scope. */
export function modelNotAllowed(model: string): ApiError {
  return new ApiError({
    status: 403,
    type: 'permission_error',
    reason: 'forbidden',
    code: 'model_not_allowed',
    param: 'model',
    message: `This API key may not use the model \`${model}\`. GET /v1/models lists the models that it may use.`,
  });
}

/** Each part between stars at its first place after the one before: linear, where a regular expression is not. */
function matches(pattern: string, name: string): boolean {
  const [head = '', ...parts] = pattern.split('*');
  const tail = parts.pop();
  if (tail === undefined) return pattern === name;
  if (!name.startsWith(head) || name.length < head.length + tail.length || !name.endsWith(tail)) return false;
  let at = head.length;
  for (const part of parts) {
    const found = name.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return at <= name.length - tail.length;
}
