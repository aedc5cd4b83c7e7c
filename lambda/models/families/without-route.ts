/** Models that are no chat models, and neither rank documents nor make embeddings that the gateway knows, whatever their modalities look like. */
export interface OtherPurpose {
  /** Matched against the base model id, in lower case. */
  match: RegExp;
  /** Completes the sentence "it …". */
  purpose: string;
  source: string;
}

const guide = (page: string) => `https://docs.aws.amazon.com/bedrock/latest/userguide/${page}.html`;

/** The control plane lists most of these as TEXT in and TEXT out, like a chat model. */
export const otherPurposes: readonly OtherPurpose[] = [
  {
    match: /^twelvelabs\.pegasus/,
    purpose: 'describes videos, through InvokeModel only',
    source: guide('model-parameters-pegasus'),
  },
  {
    match: /^amazon\.nova-[\d-]*sonic/,
    purpose: 'talks, over a two-way stream of speech',
    source: 'https://docs.aws.amazon.com/nova/latest/userguide/speech.html',
  },
  {
    match: /^stability\.|^luma\.|^amazon\.(?:titan-image|nova-canvas|nova-reel)/,
    purpose: 'makes pictures or videos',
    source: guide('models-supported'),
  },
];
