import type { ChatTemplate, Frame } from './template.ts';

const turn = (role: string): Frame => ({ open: `<|im_start|>${role}\n`, close: '<|im_end|>\n' });

/** Qwen and others: https://qwen.readthedocs.io/en/latest/getting_started/concepts.html#control-tokens-chat-template */
export const chatml: ChatTemplate = {
  begin: '',
  user: turn('user'),
  assistant: turn('assistant'),
  system: turn('system'),
  ask: turn('assistant').open,
  tokens: ['<|im_start|>', '<|im_end|>', '<|endoftext|>'],
};
