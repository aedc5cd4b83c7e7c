import type { CallLog } from '../../local/simulator/call-log.ts';
import type { TestKey } from '../support/keys-file.ts';

/** What the simulator's account has, as an attacker would like to know it; and keys with their scopes. */

export const account = '123456789012';
export const opus = 'anthropic.claude-opus-4-1-20250805-v1:0';
export const haiku = 'anthropic.claude-haiku-4-5-20251001-v1:0';
export const novaLite = 'amazon.nova-lite-v1:0';
export const novaPro = 'amazon.nova-pro-v1:0';
export const titan = 'amazon.titan-embed-text-v2:0';
export const cohere = 'cohere.embed-english-v3';

const owned = (type: string, id: string) => `arn:aws:bedrock:us-east-1:${account}:${type}/${id}`;
export const foundationArn = (id: string) => `arn:aws:bedrock:us-east-1::foundation-model/${id}`;

/** Everything of the account that hides its model: what it is called, and the model behind it. */
export const hidden: readonly { arn: string; names: string[]; model: string }[] = [
  {
    arn: owned('application-inference-profile', '1arbu5hu2sjr'),
    names: ['team-search'],
    model: haiku,
  },
  { arn: owned('application-inference-profile', '9zk4q2lm7x0p'), names: ['team-support'], model: novaLite },
  { arn: owned('application-inference-profile', '7hd83kslq1vb'), names: ['team-vectors'], model: titan },
  { arn: owned('provisioned-model', 'c9d0e1f2a3b4'), names: ['nova-batch'], model: novaPro },
  {
    arn: owned('custom-model-deployment', 'b8c9d0e1f2a3'),
    names: ['nova-tickets-prod', 'custom.f6a7b8c9d0e1'],
    model: novaLite,
  },
  // It may call any of its models.
  { arn: owned('prompt-router', 'd0e1f2a3b4c5'), names: ['nova-router'], model: 'router.d0e1f2a3b4c5' },
  {
    arn: owned('default-prompt-router', 'anthropic.claude:1'),
    names: ['Anthropic Prompt Router'],
    model: 'router.anthropic',
  },
  {
    arn: owned('imported-model', 'a1b2c3d4e5f6'),
    names: ['mistral-7b-instruct', 'custom.a1b2c3d4e5f6'],
    model: 'imported.a1b2c3d4e5f6',
  },
  {
    arn: `arn:aws:sagemaker:us-east-1:${account}:endpoint/endpoint-quick-start-idr7y`,
    names: ['endpoint-quick-start-idr7y'],
    model: 'endpoint.idr7y',
  },
];

/** Names that settings give; `innovation` and `gpt-nova` hold a word that a scope may speak of. */
export const aliases = {
  quick: haiku,
  'innovation-lab': `us.${opus}`,
  'gpt-*': `us.${opus}`,
  'amazon.secret-v1:0': `us.${opus}`,
};

export interface ScopedKey {
  name: string;
  scope: string[];
  /** Whether it may reach a model: written by hand, not by the code under test. */
  mayReach: (model: string) => boolean;
  /** Names that it may ask for, one for each of its patterns. */
  within: string[];
}

const isNova = (model: string) => model.startsWith('amazon.nova-');

export const scopes: readonly ScopedKey[] = [
  { name: 'nova', scope: ['*nova*'], mayReach: isNova, within: [novaLite, 'nova-batch', 'team-support'] },
  {
    name: 'amazon',
    scope: ['amazon.*'],
    mayReach: (model) => model.startsWith('amazon.'),
    within: [`us.${novaLite}`, foundationArn(novaLite)],
  },
  {
    name: 'exact',
    scope: [novaLite],
    mayReach: (model) => model === novaLite,
    within: [novaLite, foundationArn(novaLite), `arn:aws:bedrock:::foundation-model/${novaLite}`],
  },
  {
    name: 'alias',
    scope: ['quick', novaLite],
    mayReach: (model) => model === haiku || model === novaLite,
    within: ['quick', 'custom:us-east-1:quick', novaLite],
  },
  {
    name: 'account',
    scope: [`arn:aws:bedrock:*:${account}:application-inference-profile/*`],
    mayReach: (model) => [haiku, novaLite, titan].includes(model),
    within: ['team-search', hidden[0]!.arn],
  },
  {
    name: 'named',
    scope: ['team-sup*', 'custom.a1b2c3d4e5f6', 'nova-router'],
    mayReach: (model) => [novaLite, 'imported.a1b2c3d4e5f6', 'router.d0e1f2a3b4c5'].includes(model),
    within: ['team-support', 'nova-router', 'custom.a1b2c3d4e5f6', 'any-label-id:custom.a1b2c3d4e5f6'],
  },
  {
    name: 'regional',
    scope: [`custom:us-*:*nova-lite*`],
    mayReach: (model) => model === novaLite,
    within: [novaLite, `custom:us-east-1:${novaLite}`],
  },
  { name: 'nothing', scope: [], mayReach: () => false, within: [] },
];

export const keyOf = (name: string) => `sk-scope-${name}`;
export const bearer = (name: string) => ({ authorization: `Bearer ${keyOf(name)}` });

export const keys: TestKey[] = [
  { name: 'all', key: keyOf('all') },
  ...scopes.map(({ name, scope }) => ({ name, key: keyOf(name), models: scope })),
];

/** The foundation model that a call of the simulator reached, by the account above. */
export function modelOf({ modelId = '' }: CallLog): string {
  const known = hidden.find(({ arn }) => arn === modelId);
  if (known) return known.model;
  const id = modelId.replace(/^arn:[^/]*\//, '');
  return id.replace(/^(global|us|eu|apac)\./, '');
}
