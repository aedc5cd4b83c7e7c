import type { ReasoningIntent } from '../../canonical/request.ts';
import type { ResponsesRequest } from './schema.ts';

/** What is asked of the model's reasoning. Without a summary the client does not want to see it. */
export function readReasoning({
  reasoning,
}: Pick<ResponsesRequest, 'reasoning'>): ReasoningIntent | undefined {
  if (!reasoning) return undefined;
  const { effort, summary: given, generate_summary: earlier } = reasoning;
  const summary = given ?? earlier ?? 'none';
  const isShown = summary !== 'none';
  if (effort == null) return isShown ? { summary: true } : undefined;
  return { effort, ...(isShown ? { summary: true } : { exclude: true }) };
}
