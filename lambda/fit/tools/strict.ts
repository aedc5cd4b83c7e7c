import type { JsonObject, ToolSpec } from '../../canonical/types.ts';
import { note } from '../../fields.ts';
import type { Capabilities } from '../../models/capabilities.ts';
import { ignore, listedTools, type Notes, warn } from '../notes.ts';
import { closedSchema } from '../schema/closed.ts';
import { type GrammarNeeds, grammarLimits, grammarNeeds } from '../schema/grammar.ts';

interface Held {
  spec: ToolSpec;
  needs: GrammarNeeds;
}

/**
 * The schemas of the tools that stay strict, closed as grammars want them. `strict` is a wish: a tool whose schema no
 * grammar holds loses it, all lose it where together they are too much for one, and the client is warned.
 */
export function strictSchemas(
  specs: readonly ToolSpec[],
  draft: Notes,
  { strictTools }: Capabilities,
): ReadonlyMap<ToolSpec, JsonObject> {
  const asked = specs.filter(({ strict }) => strict);
  const held: Held[] = strictTools
    ? asked.map((spec) => ({ spec, needs: grammarNeeds(spec.inputSchema.json) }))
    : [];
  warnOfLosses(held, draft);
  const fitting = held.filter(({ needs }) => needs.beyond === undefined);
  const excess = excessOf(fitting.map(({ needs }) => needs));
  if (excess) warn(draft, note`strict was left out of the tools: ${excess}`);
  if (asked.length > 0 && (excess || fitting.length === 0)) ignore(draft, 'tools.strict');
  if (excess) return new Map();
  const hinted = new Set<string>();
  const closed = new Map(fitting.map(({ spec }) => [spec, closedSchema(spec.inputSchema.json, hinted)]));
  if (hinted.size > 0) warn(draft, note`strict tools: ${[...hinted].join(', ')} became part of descriptions`);
  return closed;
}

/** Each schema that no grammar holds is one loss; those for the same reason are named together. */
function warnOfLosses(held: readonly Held[], draft: Notes): void {
  const reasons = new Map<string, string[]>();
  for (const { spec, needs } of held) {
    if (needs.beyond === undefined) continue;
    const names = reasons.get(needs.beyond) ?? [];
    names.push(spec.name);
    reasons.set(needs.beyond, names);
  }
  for (const [reason, names] of reasons) {
    warn(draft, note`strict was left out of ${listedTools(names)}: no grammar holds ${reason}`);
  }
}

/** What is too much for one grammar, in words. */
function excessOf(needs: readonly GrammarNeeds[]): string | undefined {
  const sum = (of: 'unions' | 'optional') => needs.reduce((total, each) => total + each[of], 0);
  const { unions, optional, strictTools } = grammarLimits;
  if (needs.length > strictTools) return `${needs.length} are strict, ${strictTools} may be`;
  if (sum('optional') > optional)
    return `${sum('optional')} of their parameters are optional, ${optional} may be`;
  return sum('unions') > unions
    ? `${sum('unions')} of their parameters have several types, ${unions} may have`
    : undefined;
}
