import { promptFormat } from '../prompt-format.ts';

/** Llama: https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-meta.html */
export const llama = promptFormat({ names: { maxTokens: 'max_gen_len' }, template: 'llama3' });
