import { field, note } from '../../fields.ts';
import { extra, extraneous, type RepairRow, says, unsupported, when } from './row.ts';

/** Everything else: caching, sampling, turns, streaming, limits, media. */
export const requestRepairs: readonly RepairRow[] = [
  {
    text: says(
      /You invoked an unsupported model or your request did not allow prompt caching/,
      extraneous(/cachePoint/),
      extra(/[\w.]+\.cache_control/),
    ),
    correct: (c) => when(c.caching !== undefined, { caching: undefined }),
    warning: note`cache points were left out: the model refuses them`,
  },
  {
    text: says(extra(/[\w.]+\.cache_control\.[\w.]*ttl/), extraneous(/ttl/), unsupported(/[\w.]*ttl/)),
    correct: (c) => c.caching && when(c.caching.ttl1h, { caching: { ...c.caching, ttl1h: false } }),
    warning: note`the ttl of cache points was left out: the model refuses it`,
  },
  {
    text: says(/\W?temperature\W+and\W+top_p\W+cannot both be specified/),
    correct: (c) => when(!c.temperatureXorTopP, { temperatureXorTopP: true }),
    warning: note`${field('topP')} was left out: the model takes it only without ${field('temperature')}`,
  },
  {
    text: says(
      /\W?(?:temperature|top_p|top_k|topP)\W+(?:is deprecated|is not supported)/,
      /Unsupported parameter: '(?:temperature|top_p)'/,
      unsupported(/(?:temperature|topP)/),
    ),
    correct: (c) => when(!c.refusesSampling, { refusesSampling: true, topK: undefined }),
    warning: note`sampling parameters were left out: the model refuses them`,
  },
  {
    text: says(extraneous(/(?:top_k|k|inferenceConfig)/), extra(/top_k/)),
    correct: (c) => when(c.topK !== undefined, { topK: undefined }),
    warning: note`${field('topK')} was left out: the model refuses it`,
  },
  {
    text: says(/The model is unsupported for streaming/),
    correct: (c) => when(c.streams, { streams: false }),
    warning: note`the answer came in one piece: the model does not stream`,
  },
  {
    text: says(/This model doesn['\u2019]t support system messages/),
    correct: (c) => when(c.system, { system: false }),
    warning: note`instructions became part of the first user message: the model takes no system messages`,
  },
  {
    text: says(unsupported(/stopSequences/)),
    correct: (c) => when(c.stopSequences, { stopSequences: false }),
    warning: note`${field('stopSequences')} is applied by the gateway: the model refuses it`,
  },
  {
    text: says(/A conversation must start with a user message/),
    correct: (c) => when(c.assistantFirst, { assistantFirst: false }),
    warning: note`a user message was put before the first assistant message`,
  },
  {
    text: says(/This model does not support assistant message prefill/),
    correct: (c) => when(c.assistantLast, { assistantLast: false }),
    warning: note`the conversation must end with a user message for this model`,
  },
  {
    text: says(
      /messages[\w.]*: Unexpected role\W+system/,
      /This model doesn['\u2019]t support the system role in messages/,
      /messages[\w.]*: role\W+system\W+(?:is )?not (?:supported|allowed)/,
    ),
    correct: (c) => when(c.midConversationSystem, { midConversationSystem: false }),
    warning: note`instructions within the conversation became user text: the model refuses them there`,
  },
  {
    text: says(
      /(?:[\w.]+: )?[Tt]he detected file MIME type \S+ does not match the expected type/,
      /(?:[\w.]+: )?The image was specified using the \S+ media type, but the image appears to be/,
    ),
    correct: (c) => when(!c.mediaFormatByBytes, { mediaFormatByBytes: true }),
    warning: note`the format of a file was taken from its bytes: the one declared is another`,
  },
  {
    // Bedrock goes by the first bytes of a file: "@echo off" is no text to it (strands-agents/harness-sdk#1823).
    text: says(
      /Unsupported MIME type: [\w.+/-]{1,100}\. Retry your request with a supported file type/,
      /(?:[\w.]+: )?The document source bytes could not be parsed as the specified format/,
    ),
    correct: (c) => when(!c.textFilesAsText, { textFilesAsText: true }),
    warning: note`files of text were sent as text: Bedrock takes one of them for another kind of file`,
    onlyThisRequest: true,
  },
  {
    text: says(/This model doesn['\u2019]t support citations/),
    correct: (c) => when(c.cites === true, { cites: false }),
    warning: note`citations were left out: the model cites no documents`,
  },
  {
    text: says(/The maximum tokens you requested exceeds? the model limit of (\d+)/),
    correct: (c, match) => {
      const limit = Number(match[1]);
      return when(limit > 0 && (c.maxOutputTokens ?? Infinity) > limit, { maxOutputTokens: limit });
    },
    warning: note`${field('maxTokens')} was lowered to what the model can write`,
  },
];
