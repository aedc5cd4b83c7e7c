import type { Finding, Findings, Harm } from '../../backends/guardrail/findings.ts';

/** OpenAI's categories, and what of Bedrock's measures them; the others nothing measures. */
const categories: Readonly<Record<string, Harm | undefined>> = {
  harassment: 'INSULTS',
  'harassment/threatening': undefined,
  hate: 'HATE',
  'hate/threatening': undefined,
  illicit: 'MISCONDUCT',
  'illicit/violent': undefined,
  'self-harm': undefined,
  'self-harm/intent': undefined,
  'self-harm/instructions': undefined,
  sexual: 'SEXUAL',
  'sexual/minors': undefined,
  violence: 'VIOLENCE',
  'violence/graphic': undefined,
};

type Kind = 'text' | 'image';

/**
 * One result (https://platform.openai.com/docs/api-reference/moderations/object). What is not measured is false, has the
 * score 0, and applies to no type of input: that is how this form says so. `bedrock.found` (an extension) has what counts
 * and is none of the categories.
 */
export function moderationResult({ isFlagged, harms, others }: Findings, kinds: readonly Kind[]) {
  const entries = Object.entries(categories).map(
    ([category, harm]) => [category, harm && harms[harm]] as const,
  );
  const each = <T>(tell: (finding: Finding | undefined) => T) =>
    Object.fromEntries(entries.map(([category, finding]) => [category, tell(finding)]));
  return {
    flagged: isFlagged,
    categories: each((finding) => finding?.isHit ?? false),
    category_scores: each((finding) => finding?.score ?? 0),
    category_applied_input_types: each((finding) => (finding ? kinds : [])),
    ...(others.length > 0 && { bedrock: { found: others } }),
  };
}
