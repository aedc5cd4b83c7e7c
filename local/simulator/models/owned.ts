/** The account's own models: what a team collects in a year. Ids are the twelve characters Bedrock gives. */

/** `coldStarts`: how often ModelNotReadyException is answered before the model is up. */
export const importedModels = [
  {
    id: 'a1b2c3d4e5f6',
    name: 'mistral-7b-instruct',
    architecture: 'mistral',
    converse: true,
    coldStarts: 0,
    created: '2025-06-03T09:12:44Z',
  },
  {
    id: 'b2c3d4e5f6a7',
    name: 'qwen2-5-coder',
    architecture: 'qwen2',
    converse: false,
    coldStarts: 2,
    created: '2026-02-17T15:40:02Z',
  },
  {
    id: 'c3d4e5f6a7b8',
    name: 'gpt-oss-support',
    architecture: 'gpt_oss',
    converse: false,
    coldStarts: 0,
    created: '2026-05-20T08:00:31Z',
  },
  {
    id: 'd4e5f6a7b8c9',
    name: 'llama-3-1-legal',
    architecture: 'llama',
    converse: false,
    coldStarts: 0,
    created: '2025-03-11T11:28:09Z',
  },
  {
    id: 'e5f6a7b8c9d0',
    name: 'deepseek-r1-distill',
    architecture: 'deepseek',
    converse: false,
    coldStarts: 0,
    created: '2025-04-29T17:03:55Z',
  },
] as const;

export const customModels = [
  {
    id: 'f6a7b8c9d0e1',
    name: 'nova-tickets',
    base: 'amazon.nova-lite-v1:0',
    type: 'FINE_TUNING',
    created: '2026-03-02T10:00:00Z',
  },
  {
    id: 'a7b8c9d0e1f2',
    name: 'titan-glossary',
    base: 'amazon.titan-text-express-v1',
    type: 'CONTINUED_PRE_TRAINING',
    created: '2025-01-20T10:00:00Z',
  },
] as const;

export const deployments = [
  { id: 'b8c9d0e1f2a3', name: 'nova-tickets-prod', model: 'f6a7b8c9d0e1', created: '2026-03-03T10:00:00Z' },
] as const;

export const provisioned = [
  {
    id: 'c9d0e1f2a3b4',
    name: 'nova-batch',
    base: 'amazon.nova-pro-v1:0',
    units: 1,
    created: '2026-01-08T07:30:00Z',
  },
] as const;

export const promptRouters = [
  {
    id: 'anthropic.claude:1',
    name: 'Anthropic Prompt Router',
    type: 'default',
    models: ['anthropic.claude-3-5-sonnet-20240620-v1:0', 'anthropic.claude-3-haiku-20240307-v1:0'],
  },
  {
    id: 'd0e1f2a3b4c5',
    name: 'nova-router',
    type: 'custom',
    models: ['amazon.nova-pro-v1:0', 'amazon.nova-lite-v1:0'],
  },
] as const;

export const marketplaceEndpoints = [
  {
    name: 'endpoint-quick-start-idr7y',
    source:
      'arn:aws:sagemaker:{region}:aws:hub-content/SageMakerPublicHub/Model/huggingface-llm-gemma-2-9b/1.1.0',
  },
] as const;

export const applicationProfiles = [
  {
    id: '1arbu5hu2sjr',
    name: 'team-search',
    copyOf: 'us.anthropic.claude-haiku-4-5-20251001-v1:0',
    created: '2026-07-13T14:00:42Z',
  },
  {
    id: '9zk4q2lm7x0p',
    name: 'team-support',
    copyOf: 'amazon.nova-lite-v1:0',
    created: '2026-08-01T08:15:00Z',
  },
  {
    id: '7hd83kslq1vb',
    name: 'team-vectors',
    copyOf: 'amazon.titan-embed-text-v2:0',
    created: '2026-08-01T08:20:00Z',
  },
] as const;
