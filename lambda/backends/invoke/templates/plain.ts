import type { ChatTemplate } from './template.ts';

/** For models without a chat template (Flan-T5, GPTBigCode): one text is passed on as it is. */
export const plain: ChatTemplate = {
  begin: '',
  user: { open: '', close: '' },
  assistant: { open: '', close: '' },
  system: { open: '', close: '' },
  separator: '\n\n',
  ask: '',
  tokens: [],
};
