/**
 * What a Bedrock model id says by itself: the base model, the geography of an inference profile, the parts of
 * an ARN. Nothing here knows a model's name.
 */

export interface BedrockArn {
  partition: string;
  /** `bedrock` or `sagemaker`. */
  service: string;
  region: string;
  account: string;
  /** e.g. `foundation-model`, `application-inference-profile`. */
  resource: string;
  /** What follows the resource type; may itself contain `/` and `:`. */
  id: string;
}

const arnPattern = /^arn:(aws[\w-]*):(bedrock|sagemaker):([\w-]*):(\d*):([\w-]+)\/(.+)$/i;

/**
 * Prefixes of cross-region inference profiles: `global`, `apac`, a two-letter code (`us`, `eu`, `jp`, ...)
 * or one with a suffix (`us-gov`). No provider's name has two letters, so new geographies need no change
 * here; `deepseek.v3.2` and other ids with several dots have no prefix.
 */
const geographyPattern = /^(global|apac|[a-z]{2}(?:-[a-z]{2,4})?)\.(?=[\w-]+\.)/i;

/** `:200k`, `:mm` and the third number of `cohere.embed-english-v3:0:512`: variants of one model. */
const variantPattern = /:(?:\d+k|mm|(?<=:\d+:)\d+)$/i;

/**
 * The parts of a Bedrock or SageMaker ARN, in lower case but for the id; undefined for anything else. Whether AWS
 * has such a partition, region, account and id is not looked at: `readArn` does that for what clients write.
 */
export function parseArn(id: string): BedrockArn | undefined {
  // Most ids are none, and to compile the pattern takes as long as to resolve a name.
  const match = id.slice(0, 4).toLowerCase() === 'arn:' && arnPattern.exec(id);
  if (!match) return undefined;
  const [, partition = '', service = '', region = '', account = '', resource = '', rest = ''] = match;
  return {
    partition: partition.toLowerCase(),
    service: service.toLowerCase(),
    region: region.toLowerCase(),
    account,
    resource: resource.toLowerCase(),
    id: rest,
  };
}

/**
 * The foundation model that an id names: without ARN head, geography prefix and context suffix, in lower case.
 * ARNs that hide their model (application profiles, provisioned throughput, imported models) give their
 * opaque last part.
 */
export function baseModelId(id: string): string {
  return profileId(id).replace(geographyPattern, '').replace(variantPattern, '').toLowerCase();
}

/** The geography of a cross-region inference profile (`us`, `global`, ...); undefined for other ids. */
export function geographyOf(id: string): string | undefined {
  return geographyPattern.exec(profileId(id))?.[1]?.toLowerCase();
}

/** A custom model's ARN keeps its base model in the middle: `custom-model/amazon.nova-lite-v1:0:300k/abc`. */
function profileId(id: string): string {
  const arn = parseArn(id);
  if (!arn) return id;
  const parts = arn.id.split('/');
  const named = arn.resource === 'custom-model' ? parts[0] : parts.at(-1);
  return named ?? arn.id;
}
