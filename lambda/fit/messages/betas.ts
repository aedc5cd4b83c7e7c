import { field } from '../../fields.ts';
import { ignore } from '../notes.ts';
import type { Claude, NativeDraft } from './draft.ts';
import { flags } from './members.ts';
import { toolFlags } from './tool-kinds.ts';

const longContext = 'context-1m-2025-08-07';

/** Flags that say something to the model without a member of the body; the others are sent where their member is. */
const alone = [
  'interleaved-thinking-2025-05-14',
  longContext,
  'thinking-token-count-2026-05-13',
  'fine-grained-tool-streaming-2025-05-14',
  'token-efficient-tools-2025-02-19',
  'output-128k-2025-02-19',
];

/** What they bring needs no flag on Bedrock, or is the client's own name: leaving them out takes nothing away. */
const needless =
  /^(?:claude-code|structured-outputs|prompt-caching|extended-cache-ttl|pdfs|token-counting|effort|output-128k|oauth|mid-conversation-system)-/;

/** Flags that are sent for a member: what becomes of the member is said where it is left out. */
const paired: ReadonlySet<string> = new Set([...Object.values(flags).flat(), ...toolFlags]);

/** Characters of a flag that are named. */
const longest = 64;

/** An older name for the same feature. */
const renamed: ReadonlyMap<string, string> = new Map([['advanced-tool-use-2025-11-20', flags.toolSearch]]);

/**
 * The flags to send: those of the members that are sent, and those asked for that stand alone, as far as the model takes
 * them. One that it does not know would cost the whole request: "invalid beta flag".
 */
export function flagsToSend(draft: NativeDraft, capabilities: Claude, needed: ReadonlySet<string>): string[] {
  const { betas, onlyNeededBetas } = capabilities.messages;
  const asked = new Set(draft.betas.map((flag) => renamed.get(flag) ?? flag));
  for (const flag of asked) {
    if (!betas.includes(flag) && !paired.has(flag) && !isNeedless(flag, capabilities))
      ignore(draft, field('anthropicBeta', flag.slice(0, longest)));
  }
  const sent = onlyNeededBetas ? [] : alone.filter((flag) => asked.has(flag) && betas.includes(flag));
  return [...new Set([...sent, ...needed])];
}

const isNeedless = (flag: string, { contextTokens = 0 }: Claude): boolean =>
  needless.test(flag) || (flag === longContext && contextTokens >= 1_000_000);
