import { field } from '../../fields.ts';
import { ignore } from '../notes.ts';
import type { Claude, NativeDraft } from './draft.ts';
import { flags } from './members.ts';
import { flagOfTool } from './tool-kinds.ts';

/** Flags that say something to the model without a member of the body; the others are sent where their member is. */
const alone = [
  'interleaved-thinking-2025-05-14',
  'context-1m-2025-08-07',
  'thinking-token-count-2026-05-13',
  'fine-grained-tool-streaming-2025-05-14',
  'token-efficient-tools-2025-02-19',
  'output-128k-2025-02-19',
];

/** What they bring needs no flag on Bedrock, or is the client's own name: leaving them out takes nothing away. */
const needless =
  /^(?:claude-code|structured-outputs|prompt-caching|extended-cache-ttl|pdfs|token-counting|effort|output-128k|oauth)-/;

/** Characters of a flag that are named. */
const longest = 64;

/** An older name for the same feature. */
const renamed: Readonly<Record<string, string>> = { 'advanced-tool-use-2025-11-20': flags.toolSearch };

/**
 * The flags to send: those of the members that are sent, and those asked for that stand alone, as far as the model takes
 * them. One that it does not know would cost the whole request: "invalid beta flag".
 */
export function flagsToSend(draft: NativeDraft, { messages }: Claude, needed: ReadonlySet<string>): string[] {
  const known = new Set([...alone, ...Object.values(flags).flat()]);
  const asked = [...new Set(draft.betas.map((flag) => renamed[flag] ?? flag))];
  for (const flag of asked) {
    const taken = messages.betas.includes(flag);
    const isForSomething = known.has(flag) || isToolFlag(flag);
    // What becomes of a member is said where the member is left out.
    if (!taken && !needless.test(flag) && (alone.includes(flag) || !isForSomething))
      ignore(draft, field('anthropicBeta', flag.slice(0, longest)));
  }
  const sent = asked.filter(
    (flag) => alone.includes(flag) && messages.betas.includes(flag) && !messages.onlyNeededBetas,
  );
  return [...new Set([...sent, ...needed])];
}

const toolTypes = ['computer_20241022', 'computer_20250124', 'computer_20251124'];
const isToolFlag = (flag: string): boolean => toolTypes.some((type) => flagOfTool(type) === flag);
