import type { NativeAnswer } from '../../canonical/native.ts';
import type { AnswerHead } from '../api.ts';

/** A message as the model wrote it, under the name of the model that its client knows. */
export function nativeMessage({ body }: NativeAnswer, { model }: AnswerHead): object {
  return { ...body, model };
}
