import { baseModelId } from '../models/names/model-id.ts';

/** Days before its end from which answers of a model warn of it. */
const noticeDays = 60;
const dayMs = 86_400_000;

/** A warning from 60 days before a model's end. `endOfLife`: a day, `2026-11-26`; `now`: epoch milliseconds. */
export function endingSoon(modelId: string, endOfLife: string | undefined, now: number): string | undefined {
  if (endOfLife === undefined || now < Date.parse(endOfLife) - noticeDays * dayMs) return undefined;
  return `Amazon Bedrock ends ${baseModelId(modelId)} on ${endOfLife}`;
}
