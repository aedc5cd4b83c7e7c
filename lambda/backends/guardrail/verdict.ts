import { first, members, text } from '../../canonical/json.ts';

/** What a guardrail says of one text. */
export type Verdict =
  | { action: 'pass' }
  /** The text as the guardrail lets it pass. */
  | { action: 'mask'; text: string }
  /** What the guardrail says in the place of a model; '' where it says nothing. */
  | { action: 'block'; message: string };

/**
 * The verdict in an answer of ApplyGuardrail for one text
 * (https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ApplyGuardrail.html); undefined where it is
 * none. An intervention that does not say what it did, or not only masked, is a block (LiteLLM#22949).
 */
export function verdictIn(answer: unknown): Verdict | undefined {
  const { action, outputs, assessments } = members(answer);
  if (action === 'NONE') return { action: 'pass' };
  if (action !== 'GUARDRAIL_INTERVENED') return undefined;
  const said = text(first(outputs).text) ?? '';
  const done = actionsIn(assessments).filter((each) => each !== 'NONE');
  const onlyMasked = done.length > 0 && done.every((each) => each === 'ANONYMIZED');
  return onlyMasked && said !== '' ? { action: 'mask', text: said } : { action: 'block', message: said };
}

/** Every filter of every policy says what it did. */
function actionsIn(value: unknown): unknown[] {
  if (Array.isArray(value)) return value.flatMap(actionsIn);
  return Object.entries(members(value)).flatMap(([name, member]) =>
    name === 'action' ? [member] : actionsIn(member),
  );
}
