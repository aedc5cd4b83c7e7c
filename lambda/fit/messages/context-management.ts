import { unsupported } from '../../errors.ts';
import { note, written } from '../../fields.ts';
import { ignore } from '../notes.ts';
import { type Block, blocksIn, type Claude, type NativeStep, objectAt, takesFlag } from './draft.ts';
import { flags } from './members.ts';

/**
 * Edits that the model's side makes of a long conversation, of which each model knows some. Keeping all of the thinking,
 * which Claude Code asks for with every request, is what happens anyway.
 */
export const fitContextManagement: NativeStep = (draft, capabilities) => {
  const { body } = draft;
  const asked = objectAt(body.context_management);
  delete body.context_management;
  if (asked) {
    const edits = blocksIn(asked.edits);
    const real = edits.filter((edit) => !keepsAll(edit));
    const taken = real.filter((edit) => isTaken(edit, capabilities));
    if (taken.length < real.length) ignore(draft, written('context_management'));
    if (taken.length > 0)
      body.context_management = {
        ...asked,
        edits: edits.filter((edit) => !real.includes(edit) || taken.includes(edit)),
      };
  }
  const { compaction } = body;
  if (compaction === null) delete body.compaction;
  else if (compaction !== undefined && !takesFlag(capabilities, flags.compact)) {
    throw unsupported(
      note`The model \`${draft.model}\` does not support \`compaction\`. Leave it out or choose a model that has it.`,
      written('compaction'),
    );
  }
};

const keepsAll = ({ type, keep }: Block): boolean =>
  type === 'clear_thinking_20251015' && (keep === 'all' || objectAt(keep)?.type === 'all');

/** Kinds of edits, and the flags that they need. */
const editFlags: Readonly<Record<string, string>> = {
  clear_tool_uses_20250919: flags.contextManagement,
  clear_thinking_20251015: flags.contextManagement,
  compact_20260112: flags.compactEdit,
};

function isTaken({ type }: Block, capabilities: Claude): boolean {
  const flag = typeof type === 'string' && Object.hasOwn(editFlags, type) ? editFlags[type] : undefined;
  return flag !== undefined && takesFlag(capabilities, flag);
}
