import { baseModelId } from '../names/model-id.ts';
import type { Target } from '../target.ts';

/** Reranking models that behave alike. */
export interface RerankFamily {
  title: string;
  /** Of the base model id, in lower case. */
  match: RegExp;
  source: string;
  /** What its body is: `backends/rerank/rank.ts` has each. */
  format: RerankFormat;
  /** Where AWS has it. There are no inference profiles, so a call has to go to one of these. */
  regions: readonly string[];
  /** Takes `max_tokens_per_doc`; an unknown member is refused. */
  cutsDocuments: boolean;
}

export type RerankFormat = 'cohere' | 'amazon';

const source = 'https://docs.aws.amazon.com/bedrock/latest/userguide/rerank-supported.html; answers recorded';

export const rerankFamilies: readonly RerankFamily[] = [
  {
    title: 'Cohere Rerank 3.5',
    match: /^cohere\.rerank-/,
    source,
    format: 'cohere',
    regions: ['us-east-1', 'us-west-2', 'ca-central-1', 'eu-central-1', 'ap-northeast-1'],
    cutsDocuments: true,
  },
  {
    title: 'Amazon Rerank 1.0',
    match: /^amazon\.rerank-/,
    source,
    format: 'amazon',
    regions: ['us-west-2', 'ca-central-1', 'eu-central-1', 'ap-northeast-1'],
    cutsDocuments: false,
  },
];

/** The family of a model id or of an ARN that shows its model; undefined where it ranks nothing. */
export function rerankFamilyOf(modelId: string): RerankFamily | undefined {
  const base = baseModelId(modelId);
  return rerankFamilies.find(({ match }) => match.test(base));
}

/** The same for a target: the model behind a profile decides. */
export const rerankFamilyOfTarget = (target: Pick<Target, 'id' | 'underlying'>) =>
  rerankFamilyOf(target.underlying ?? target.id);

/** Cohere's own names for its rerankers (https://docs.cohere.com/docs/rerank): Bedrock has one of them. */
const cohereNames = /^(?:cohere\/)?rerank-(?:v3\.5|(?:english|multilingual)-v[23]\.0)$/i;

/** The model on Bedrock for a name of the vendor's; undefined for any other name. */
export const rerankModelNamed = (name: string): string | undefined =>
  cohereNames.test(name) ? 'cohere.rerank-v3-5:0' : undefined;
