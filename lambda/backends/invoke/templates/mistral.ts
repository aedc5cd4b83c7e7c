import type { ChatTemplate } from './template.ts';

/**
 * Mistral and Mixtral Instruct: https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-mistral-text-completion.html
 * There is no system turn: the instruction stands before the first user text.
 */
export const mistral: ChatTemplate = {
  begin: '<s>',
  user: { open: '[INST] ', close: ' [/INST]' },
  assistant: { open: ' ', close: '</s>' },
  system: (system, user) => `${system}\n\n${user}`,
  ask: '',
  tokens: ['<s>', '</s>', '[INST]', '[/INST]'],
};
