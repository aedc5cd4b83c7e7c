import { badRequest } from '../../errors.ts';
import { field, note } from '../../fields.ts';
import { warn } from '../notes.ts';
import type { FitStep } from '../types.ts';
import { restoreStop } from './cut.ts';
import { longestStop } from './matcher.ts';

/**
 * Stop sequences. What a model refuses (all of them, or on Claude those of white space alone) the gateway does itself:
 * the answer ends where one begins. Converse wants every sequence to have a character; an empty one says nothing.
 */
export const fitStopSequences: FitStep = (draft, capabilities) => {
  const { stopSequences, ...config } = draft.request.inferenceConfig ?? {};
  if (stopSequences === undefined) return;
  const meant = stopSequences.filter((text) => text !== '');
  const isTaken = (text: string) =>
    capabilities.stopSequences && !(capabilities.refusesBlankStop && text.trim() === '');
  const taken = meant.filter(isTaken);
  draft.request.inferenceConfig = taken.length > 0 ? { ...config, stopSequences: taken } : config;
  const refused = meant.filter((text) => !isTaken(text));
  if (refused.length === 0) return;
  if (refused.reduce((sum, { length }) => sum + length, 0) > longestStop) {
    throw badRequest(
      note`${field('stopSequences')} has more than ${longestStop} characters in all. Give fewer or shorter ones.`,
      field('stopSequences'),
    );
  }
  warn(
    draft,
    note`the gateway applies ${field('stopSequences')} itself because the model refuses it: what it writes after that is billed`,
  );
  draft.restores.push(restoreStop(refused, draft));
};
