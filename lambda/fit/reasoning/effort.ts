import { type Effort, efforts } from '../../canonical/request.ts';
import { note } from '../../fields.ts';
import { type Notes, warn } from '../notes.ts';

export type WorkingEffort = Exclude<Effort, 'none'>;

/** Tokens of thinking for an effort, for models that take a budget; 1024 is the least Claude accepts. */
export const budgets: Record<WorkingEffort, number> = {
  minimal: 1024,
  low: 1024,
  medium: 2048,
  high: 4096,
  xhigh: 8192,
  max: 16_384,
};

/** The effort that a budget stands for, for models that take only an effort. */
export function effortOfBudget(tokens: number): WorkingEffort {
  if (tokens < 4096) return 'low';
  return tokens < 16_000 ? 'medium' : 'high';
}

/** The effort a model takes in place of `wanted`: the same, else the next lower, else its lowest. */
export function nearestEffort(wanted: WorkingEffort, taken: readonly string[]): WorkingEffort {
  const possible = efforts.filter(
    (effort): effort is WorkingEffort => effort !== 'none' && taken.includes(effort),
  );
  const lower = possible.filter((effort) => efforts.indexOf(effort) <= efforts.indexOf(wanted));
  return lower.at(-1) ?? possible[0] ?? wanted;
}

/** `minimal` is OpenAI's word for what others call `low`: no warning is needed. */
export function noteEffort(draft: Notes, wanted: WorkingEffort, taken: WorkingEffort): void {
  if (wanted === taken || (wanted === 'minimal' && taken === 'low')) return;
  warn(draft, note`reasoning effort ${wanted} is not supported by this model: ${taken} instead`);
}
