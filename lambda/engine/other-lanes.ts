import type { AnyFitted } from '../fit/types.ts';
import type { Capabilities } from '../models/capabilities.ts';
import { speaks } from '../models/native-apis.ts';
import type { Target } from '../models/target.ts';
import type { CanonicalFit } from './lane.ts';
import { nativeLane } from './native-lane.ts';
import type { Rules } from './prepare.ts';
import type { ModelRequest } from './types.ts';

/** A request on its way to one target by another lane than Converse. */
export interface OtherLanes {
  /** Undefined where Converse carries the request better, or the model cannot be asked otherwise. Rejects with a 400. */
  fit(capabilities: Capabilities): Promise<AnyFitted | undefined>;
}

/** The client's own API, and OpenAI's Responses for what is said in others. */
export function otherLanes(
  request: ModelRequest,
  target: Target,
  rules: Rules,
  canonical: () => Promise<CanonicalFit>,
): OtherLanes {
  const { lane, native } = request;
  const own = nativeLane(request, target, rules);
  const isTranslatable = lane !== 'converse' && rules.nativeOpenAi && speaks(target, 'responses');
  async function translated(capabilities: Capabilities): Promise<AnyFitted | undefined> {
    if (!isTranslatable || !capabilities.responses) return undefined;
    const { prepared, fit } = await canonical();
    const { belongsToResponses, fitToResponses } = await import('../fit/responses/translated.ts');
    return belongsToResponses(prepared, capabilities)
      ? fitToResponses(fit, prepared, capabilities)
      : undefined;
  }
  return {
    async fit(capabilities) {
      // Calls of tools while it thinks are what a GPT refuses in Chat Completions, and names Responses for.
      if (native?.api === 'chat') return (await translated(capabilities)) ?? (await own.fit(capabilities));
      return (await own.fit(capabilities)) ?? (await translated(capabilities));
    },
  };
}
