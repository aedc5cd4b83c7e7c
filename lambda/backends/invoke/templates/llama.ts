import type { ChatTemplate, Frame } from './template.ts';

/** https://github.com/meta-llama/llama/blob/main/llama/generation.py */
export const llama2: ChatTemplate = {
  begin: '<s>',
  user: { open: '[INST] ', close: ' [/INST]' },
  assistant: { open: ' ', close: ' </s><s>' },
  system: (system, user) => `<<SYS>>\n${system}\n<</SYS>>\n\n${user}`,
  ask: '',
  tokens: ['<s>', '</s>', '[INST]', '[/INST]', '<<SYS>>', '<</SYS>>'],
};

const turn3 = (role: string): Frame => ({
  open: `<|start_header_id|>${role}<|end_header_id|>\n\n`,
  close: '<|eot_id|>',
});

/** Llama 3 to 3.3: https://www.llama.com/docs/model-cards-and-prompt-formats/meta-llama-3 */
export const llama3: ChatTemplate = {
  begin: '<|begin_of_text|>',
  user: turn3('user'),
  assistant: turn3('assistant'),
  system: turn3('system'),
  ask: turn3('assistant').open,
  tokens: [
    '<|begin_of_text|>',
    '<|end_of_text|>',
    '<|start_header_id|>',
    '<|end_header_id|>',
    '<|eot_id|>',
    '<|eom_id|>',
    '<|python_tag|>',
  ],
};

const turn4 = (role: string): Frame => ({
  open: `<|header_start|>${role}<|header_end|>\n\n`,
  close: '<|eot|>',
});

/** https://www.llama.com/docs/model-cards-and-prompt-formats/llama4 */
export const llama4: ChatTemplate = {
  begin: '<|begin_of_text|>',
  user: turn4('user'),
  assistant: turn4('assistant'),
  system: turn4('system'),
  ask: turn4('assistant').open,
  tokens: [
    '<|begin_of_text|>',
    '<|end_of_text|>',
    '<|header_start|>',
    '<|header_end|>',
    '<|eot|>',
    '<|eom|>',
  ],
};
