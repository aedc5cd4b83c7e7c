/** What Bedrock itself takes, where the gateway has to know it before a call is made. */

/** https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_GuardrailConfiguration.html */
export const guardrailIdentifier =
  /^(?:[a-z0-9]+|arn:aws(?:-[^:]+)?:bedrock:[a-z0-9-]{1,20}:\d{12}:guardrail(?:-profile)?\/[a-z0-9:.-]+)$/;
export const guardrailVersion = /^(?:[1-9]\d{0,7}|DRAFT)$/;
export const guardrailTraces = ['enabled', 'disabled', 'enabled_full'] as const;
/** https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_GuardrailStreamConfiguration.html */
export const guardrailStreamModes = ['sync', 'async'] as const;

/** A name, and a path before it: nothing that stands for more than one role in a policy. */
export const roleArn = /^arn:[\w-]+:iam::\d{12}:role\/[\w+=,.@/-]+$/;

/** https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ServiceTier.html */
export const serviceTiers = ['default', 'priority', 'flex', 'reserved'] as const;

/** https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html: requestMetadata */
export const metadata = {
  entries: 16,
  /** Of a name, which has at least one, and of a value. */
  characters: 256,
  /** Every character that none of them may have. */
  foreign: /[^a-zA-Z0-9\s:_@$#=/+,.-]/g,
};
