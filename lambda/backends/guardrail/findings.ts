import { list, type Members, members, text } from '../../canonical/json.ts';

/** What Bedrock's content filters look for, in its words. */
export const harms = ['HATE', 'INSULTS', 'SEXUAL', 'VIOLENCE', 'MISCONDUCT'] as const;
export type Harm = (typeof harms)[number];

/** How much of one kind of harm there is. */
export interface Finding {
  /** From 0 to 1. */
  score: number;
  isHit: boolean;
}

/** What Bedrock finds in one input. */
export interface Findings {
  /** Anything was found that counts: one of the harms, or something else. */
  isFlagged: boolean;
  /** Absent: not measured. */
  harms: Partial<Record<Harm, Finding>>;
  /** What else was found, in Bedrock's words: kinds of attack, of personal data, topics, words; nothing of the text. */
  others: string[];
}

/** A score from which a check counts as a hit. */
const threshold = 0.5;

/**
 * The answer of InvokeGuardrailChecks; undefined where it is none
 * (https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_InvokeGuardrailChecks.html).
 */
export function findingsOfChecks(answer: unknown): Findings | undefined {
  const { contentFilter, promptAttack, sensitiveInformation } = members(members(answer).results);
  const filtered = list(members(contentFilter).results);
  const found = findHarms(filtered, ({ category, severityScore }) => {
    const score = Number(severityScore);
    return Number.isFinite(score) ? [category, { score, isHit: score >= threshold }] : undefined;
  });
  // A check that was asked for and is not there has not been made.
  if (harms.some((harm) => found[harm] === undefined)) return undefined;
  const others = [
    ...list(members(promptAttack).results)
      .filter(({ severityScore }) => Number(severityScore) >= threshold)
      .map(({ category }) => nameOf(category)),
    ...list(members(sensitiveInformation).results)
      .filter(({ confidenceScore }) => Number(confidenceScore) >= threshold)
      .map(({ type }) => nameOf(type)),
  ];
  return { isFlagged: hasHit(found) || others.length > 0, harms: found, others: [...new Set(others)] };
}

/** Guardrails tell how sure they are in words. */
const confidences: ReadonlyMap<unknown, number> = new Map([
  ['NONE', 0],
  ['LOW', 0.25],
  ['MEDIUM', 0.5],
  ['HIGH', 0.75],
]);

/**
 * The answer of ApplyGuardrail with all that was assessed; undefined where it is none
 * (https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ApplyGuardrail.html). What the guardrail does not
 * filter is not measured. Flagged is what it intervenes for.
 */
export function findingsOfGuardrail(answer: unknown): Findings | undefined {
  const { action, assessments } = members(answer);
  if (action !== 'NONE' && action !== 'GUARDRAIL_INTERVENED') return undefined;
  const all = list(assessments);
  const filters = all.flatMap(({ contentPolicy }) => list(members(contentPolicy).filters));
  const found = findHarms(filters, (filter) => {
    const score = confidences.get(filter.confidence);
    return score === undefined ? undefined : [filter.type, { score, isHit: acted(filter) }];
  });
  const others = [
    ...filters
      .filter((filter) => filter.type === 'PROMPT_ATTACK' && acted(filter))
      .map(() => 'PROMPT_ATTACK'),
    ...all.flatMap(({ topicPolicy, wordPolicy, sensitiveInformationPolicy: sensitive }) => [
      ...hits(topicPolicy, 'topics').map(() => 'TOPIC'),
      ...[...hits(wordPolicy, 'customWords'), ...hits(wordPolicy, 'managedWordLists')].map(() => 'WORD'),
      ...hits(sensitive, 'piiEntities').map(({ type }) => nameOf(type)),
      ...hits(sensitive, 'regexes').map(() => 'REGEX'),
    ]),
  ];
  return { isFlagged: action === 'GUARDRAIL_INTERVENED', harms: found, others: [...new Set(others)] };
}

/** Of several findings of one harm the worst counts. */
function findHarms(
  entries: readonly Members[],
  read: (entry: Members) => readonly [unknown, Finding] | undefined,
): Partial<Record<Harm, Finding>> {
  const found: Partial<Record<Harm, Finding>> = {};
  for (const entry of entries) {
    const [name, finding] = read(entry) ?? [];
    const harm = harms.find((each) => each === name);
    if (harm && finding && (found[harm]?.score ?? -1) <= finding.score) found[harm] = finding;
  }
  return found;
}

const hasHit = (found: Findings['harms']) => Object.values(found).some(({ isHit }) => isHit);
const acted = ({ action, detected }: Members) =>
  detected === true || (action !== undefined && action !== 'NONE');
const hits = (policy: unknown, name: string) => list(members(policy)[name]).filter(acted);
/** A word of AWS's, bounded: it goes out as it is. */
const nameOf = (value: unknown) => (text(value) ?? 'UNKNOWN').slice(0, 64);
