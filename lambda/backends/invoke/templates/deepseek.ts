import type { ChatTemplate } from './template.ts';

/**
 * DeepSeek-R1 and its distillations, whatever model they were distilled into:
 * https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-deepseek.html. The bars are full-width.
 */
export const deepseek: ChatTemplate = {
  begin: '<｜begin▁of▁sentence｜>',
  user: { open: '<｜User｜>', close: '' },
  assistant: { open: '<｜Assistant｜>', close: '<｜end▁of▁sentence｜>' },
  system: { open: '', close: '' },
  ask: '<｜Assistant｜>',
  tokens: ['<｜begin▁of▁sentence｜>', '<｜end▁of▁sentence｜>', '<｜User｜>', '<｜Assistant｜>'],
};
