import type { ChatTemplate, Frame } from './template.ts';

/** https://github.com/meta-llama/llama/blob/main/llama/generation.py */
const llama2: ChatTemplate = {
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
const llama3: ChatTemplate = {
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
const llama4: ChatTemplate = {
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

/**
 * Mistral and Mixtral Instruct: https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-mistral-text-completion.html
 * There is no system turn: the instruction stands before the first user text.
 */
const mistral: ChatTemplate = {
  begin: '<s>',
  user: { open: '[INST] ', close: ' [/INST]' },
  assistant: { open: ' ', close: '</s>' },
  system: (system, user) => `${system}\n\n${user}`,
  ask: '',
  tokens: ['<s>', '</s>', '[INST]', '[/INST]'],
};

const chatmlTurn = (role: string): Frame => ({ open: `<|im_start|>${role}\n`, close: '<|im_end|>\n' });

/** Qwen and others: https://qwen.readthedocs.io/en/latest/getting_started/concepts.html#control-tokens-chat-template */
const chatml: ChatTemplate = {
  begin: '',
  user: chatmlTurn('user'),
  assistant: chatmlTurn('assistant'),
  system: chatmlTurn('system'),
  ask: chatmlTurn('assistant').open,
  tokens: ['<|im_start|>', '<|im_end|>', '<|endoftext|>'],
};

/**
 * DeepSeek-R1 and its distillations, whatever model they were distilled into:
 * https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-deepseek.html. The bars are full-width.
 */
const deepseek: ChatTemplate = {
  begin: '<｜begin▁of▁sentence｜>',
  user: { open: '<｜User｜>', close: '' },
  assistant: { open: '<｜Assistant｜>', close: '<｜end▁of▁sentence｜>' },
  system: { open: '', close: '' },
  ask: '<｜Assistant｜>',
  tokens: ['<｜begin▁of▁sentence｜>', '<｜end▁of▁sentence｜>', '<｜User｜>', '<｜Assistant｜>'],
};

/** For models without a chat template (Flan-T5, GPTBigCode): one text is passed on as it is. */
const plain: ChatTemplate = {
  begin: '',
  user: { open: '', close: '' },
  assistant: { open: '', close: '' },
  system: { open: '', close: '' },
  separator: '\n\n',
  ask: '',
  tokens: [],
};

/** For a prompt that its client has written whole, control tokens of the model included. */
const raw: ChatTemplate = { ...plain };

/** Every chat template by the name that settings know it by. */
export const templates = { llama2, llama3, llama4, mistral, chatml, deepseek, plain, raw } satisfies Record<
  string,
  ChatTemplate
>;

export type TemplateName = keyof typeof templates;

export const isTemplate = (name: string): name is TemplateName => Object.hasOwn(templates, name);
