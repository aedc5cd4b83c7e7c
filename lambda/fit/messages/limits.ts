import { field, note } from '../../fields.ts';
import { ignore, warn } from '../notes.ts';
import type { NativeStep } from './draft.ts';

/** "max_tokens: 128000 > 8192, which is the maximum allowed number of output tokens for claude-3-5-haiku-20241022" */
export const fitLimits: NativeStep = (draft, { maxOutputTokens: most }) => {
  const { max_tokens: asked } = draft.body;
  if (most === undefined || typeof asked !== 'number' || asked <= most) return;
  draft.body.max_tokens = most;
  warn(draft, note`${field('maxTokens')} ${asked} lowered to ${most} which is the most this model takes`);
};

/** "each stop sequence must contain non-whitespace" */
export const fitStopSequences: NativeStep = (draft) => {
  const { stop_sequences: asked } = draft.body;
  if (!Array.isArray(asked)) return;
  const said = asked.filter((sequence) => typeof sequence !== 'string' || sequence.trim() !== '');
  if (said.length < asked.length) ignore(draft, 'stopSequences');
  if (said.length === 0) delete draft.body.stop_sequences;
  else if (said.length < asked.length) draft.body.stop_sequences = said;
};
