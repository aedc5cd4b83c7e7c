import { findFormat } from '../backends/invoke/formats.ts';
import type { Capabilities } from './capabilities.ts';
import { common } from './families/family.ts';
import type { InvokeFormat } from './target.ts';

/**
 * What holds for every model that is called through InvokeModel: a conversation of texts. Of an assistant's turn at
 * the start: the chat templates of Mistral and Gemma raise an error where turns do not alternate, user first.
 */
const plainTalk: Partial<Capabilities> = {
  ...common,
  family: 'imported',
  tools: false,
  caching: undefined,
  schemaRules: undefined,
  anthropicBeta: false,
};

/**
 * What a model called in this format can do, to be laid over what is known of its family. Custom Model Import
 * calls tools with models of the architecture `gpt_oss` alone; where it is not known, the model is asked.
 */
export function invokeCapabilities(name: InvokeFormat, architecture?: string): Partial<Capabilities> {
  const named = findFormat(name);
  const gptOss = architecture === undefined || /gpt_?oss/i.test(architecture);
  const carried = { ...plainTalk, ...named?.format.capabilities };
  if (!carried.tools || gptOss) return carried;
  return { ...carried, tools: false, toolChoice: { any: false, tool: false }, reasoning: { kind: 'none' } };
}
