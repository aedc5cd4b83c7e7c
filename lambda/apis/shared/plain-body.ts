import type { Caller } from '../../engine/types.ts';
import { mayAsk } from '../../techniques/recognise.ts';
import type { Fields } from './json.ts';
import type { TechniqueDeps } from './serve.ts';

/** A body without what it asks for of optimisation techniques, which do not run here. Rejects with their 400 or 403. */
export async function plainBody(
  body: Fields,
  caller: Caller,
  { aliases, read }: TechniqueDeps,
): Promise<Fields> {
  return mayAsk(body, aliases) ? (await read(body, caller)).body : body;
}
