import type { Capabilities } from '../../models/capabilities.ts';
import type { InvokeFormat } from '../../models/target.ts';
import { findFormat } from './formats.ts';

/** What holds for every model that is called through InvokeModel: a conversation of texts. */
const plainTalk: Partial<Capabilities> = {
  family: 'imported',
  system: true,
  midConversationSystem: false,
  // The chat templates of Mistral and Gemma raise an error where turns do not alternate, user first.
  assistantFirst: false,
  assistantLast: true,
  tools: false,
  toolsInStream: true,
  toolChoice: { any: false, tool: false },
  strictTools: false,
  disableParallelTools: false,
  hyphenInToolNames: true,
  toolUseId: 'any',
  toolResultsAlone: false,
  toolResultStatus: false,
  toolResultMedia: { image: false, document: false, video: false },
  image: false,
  document: false,
  video: false,
  audio: false,
  stopSequences: true,
  refusesSampling: false,
  temperatureXorTopP: false,
  reasoning: { kind: 'none' },
  reasoningReplay: false,
  structuredOutput: 'prompt',
  caching: undefined,
  anthropicBeta: false,
};

/**
 * What a model called in this format can do, to be laid over what is known of its family. Custom Model Import
 * calls tools with gpt-oss alone; with an architecture that is not known, the model is asked.
 */
export function invokeCapabilities(name: InvokeFormat, architecture?: string): Partial<Capabilities> {
  const named = findFormat(name);
  const gptOss = architecture === undefined || /gpt_?oss/i.test(architecture);
  const carried = { ...plainTalk, ...named?.format.capabilities };
  if (!carried.tools || gptOss) return carried;
  return { ...carried, tools: false, toolChoice: { any: false, tool: false }, reasoning: { kind: 'none' } };
}
