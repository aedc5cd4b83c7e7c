import type { Capabilities } from '../../models/capabilities.ts';
import { Aliases, fingerprint } from './renaming.ts';

const legal = {
  // https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ToolUseBlock.html
  any: /^[a-zA-Z0-9_.:-]{1,64}$/,
  // Claude's own API, which Converse hands the ids on to.
  word: /^[a-zA-Z0-9_-]{1,64}$/,
  // Mistral takes exactly nine letters and digits (vercel/ai#11802).
  'nine-alphanumerics': /^[a-zA-Z0-9]{9}$/,
};

/**
 * Ids of the calls in the history as the model takes them: the same for a call and its result, the same
 * each time the conversation is sent. Nothing has to be restored: ids in answers are the model's own.
 */
export function toolIds(ids: readonly string[] | ReadonlySet<string>, { toolUseId }: Capabilities): Aliases {
  return new Aliases(
    ids,
    (id) => legal[toolUseId].test(id),
    (id, attempt) => {
      const isShort = toolUseId === 'nine-alphanumerics';
      const mark = fingerprint(`${attempt} ${id}`, isShort ? 9 : 22);
      return isShort ? mark : `call_${mark}`;
    },
  );
}
