import type { FitStep } from './types.ts';

/** "The model is unsupported for streaming.": the whole answer is asked for, and rendered as a stream. */
export const fitStreaming: FitStep = (draft, { streams }) => {
  if (!streams) draft.streamable = false;
};
