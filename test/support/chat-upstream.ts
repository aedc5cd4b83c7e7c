type Fields = Record<string, unknown>;

export const upstreamUsage = {
  prompt_tokens: 100,
  completion_tokens: 20,
  total_tokens: 120,
  prompt_tokens_details: { cached_tokens: 60, audio_tokens: 0 },
  completion_tokens_details: { reasoning_tokens: 5, audio_tokens: 0 },
};

const head = (object: string) => ({
  id: 'chatcmpl-upstream0a1b',
  object,
  created: 1_790_000_000,
  model: 'us.openai.gpt-5.6-sol',
  service_tier: 'default',
});

/** A completion as Bedrock answers it on OpenAI's path. */
export const upstreamCompletion = (
  message: Fields = {},
  finish_reason = 'stop',
  more: Fields = {},
): Fields => ({
  ...head('chat.completion'),
  choices: [
    {
      index: 0,
      message: { role: 'assistant', content: 'Hello — wörld', refusal: null, annotations: [], ...message },
      logprobs: null,
      finish_reason,
    },
  ],
  usage: upstreamUsage,
  system_fingerprint: null,
  ...more,
});

export const upstreamChunk = (delta: Fields, finish_reason: string | null = null): Fields => ({
  ...head('chat.completion.chunk'),
  choices: [{ index: 0, delta, logprobs: null, finish_reason }],
  usage: null,
  obfuscation: 'xYz',
});

export const upstreamBeginning = upstreamChunk({ role: 'assistant', content: '', refusal: null });
export const upstreamCounts: Fields = { ...head('chat.completion.chunk'), choices: [], usage: upstreamUsage };
export const upstreamEnd = 'data: [DONE]\n\n';

/** The same streamed, in these pieces. */
export const upstreamChunks = (
  deltas: Fields[] = [{ content: 'Hello — ' }, { content: 'wörld' }],
  finish = 'stop',
) => [
  upstreamBeginning,
  ...deltas.map((delta) => upstreamChunk(delta)),
  upstreamChunk({}, finish),
  upstreamCounts,
  upstreamEnd,
];
