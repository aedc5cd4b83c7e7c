import type { NativeApi } from '../canonical/native.ts';
import { geographyOf, parseArn } from './names/model-id.ts';
import type { Target } from './target.ts';

/** Resources that InvokeModel takes as Converse does; prompts and prompt routers are Converse's alone. */
const invocable: ReadonlySet<string> = new Set([
  'foundation-model',
  'inference-profile',
  'application-inference-profile',
  'provisioned-model',
]);

/** Whether an id can be called in each API. */
const takes: Readonly<Record<NativeApi, (id: string) => boolean>> = {
  /** https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_InvokeModel.html */
  messages(id) {
    const arn = parseArn(id);
    return arn === undefined || invocable.has(arn.resource);
  },
  /**
   * Ids of system-defined profiles alone: "Application inference profiles are not supported by this API.", and the models
   * that speak Responses are called through profiles only.
   */
  responses: (id) => parseArn(id) === undefined && geographyOf(id) !== undefined,
  /** The same, but that many models are called there by ids of their own. */
  chat: (id) => parseArn(id) === undefined,
};

/** Whether a target can be asked in an API of a client's: its model speaks it, and its id can be called so. */
export function speaks({ id, backend, capabilities }: Target, api: NativeApi): boolean {
  return backend === 'converse' && capabilities[api] !== undefined && takes[api](id);
}
