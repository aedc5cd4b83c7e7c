import { baseModelId } from '../names/model-id.ts';

/** Chat models that Amazon Bedrock has no batch inference of, whatever else they can. */
interface WithoutBatches {
  /** Matched against the base model id, in lower case. */
  match: RegExp;
  source: string;
}

/** Absent from the list of the user guide in November 2026; of all others Bedrock itself says whether it has them. */
const guide = 'https://docs.aws.amazon.com/bedrock/latest/userguide/batch-inference-supported.html';

const withoutBatches: readonly WithoutBatches[] = [
  // gpt-oss has it: BerriAI/litellm-docs#1408, tried live.
  { match: /^openai\.gpt-(?!oss)/, source: guide },
  { match: /^xai\./, source: guide },
];

export const hasBatches = (modelId: string): boolean =>
  !withoutBatches.some(({ match }) => match.test(baseModelId(modelId)));
