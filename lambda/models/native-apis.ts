import type { NativeApi } from '../canonical/native.ts';
import { parseArn } from './names/model-id.ts';
import type { Target } from './target.ts';

/** Resources that InvokeModel takes as Converse does; prompts and prompt routers are Converse's alone. */
const invocable: ReadonlySet<string> = new Set([
  'foundation-model',
  'inference-profile',
  'application-inference-profile',
  'provisioned-model',
]);

/**
 * Whether a target can be asked in an API of a client's: its model speaks it, and what is called by the target's id can
 * be called so (https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_InvokeModel.html).
 */
export function speaks({ id, backend, capabilities }: Target, api: NativeApi): boolean {
  if (backend !== 'converse' || capabilities[api] === undefined) return false;
  const arn = parseArn(id);
  return arn === undefined || invocable.has(arn.resource);
}
