/** One row of the catalogue. Modalities: T text, I image, V video, S speech, E embedding. */
export interface CatalogueRow {
  id: string;
  name: string;
  /** `T` unless said. */
  input?: string;
  output?: string;
  /** Callable by its bare id. A model with geographies and without this needs a profile. */
  onDemand?: boolean;
  /** Geographies of its system-defined profiles. */
  geographies?: readonly Geography[];
  lifecycle?: 'legacy' | 'ended';
  streams?: false;
  provisionedOnly?: true;
}

export type Geography = 'us' | 'eu' | 'apac' | 'global';

const everywhere: readonly Geography[] = ['us', 'eu', 'apac', 'global'];
const us: readonly Geography[] = ['us'];
const regional: readonly Geography[] = ['us', 'eu', 'apac'];

const claude = (id: string, name: string, more: Partial<CatalogueRow> = {}): CatalogueRow => ({
  id: `anthropic.claude-${id}`,
  name: `Claude ${name}`,
  input: 'TI',
  geographies: everywhere,
  ...more,
});
const row = (id: string, name: string, more: Partial<CatalogueRow> = {}): CatalogueRow => ({
  id,
  name,
  onDemand: true,
  ...more,
});
const profileOnly = (id: string, name: string, more: Partial<CatalogueRow> = {}): CatalogueRow => ({
  id,
  name,
  geographies: us,
  ...more,
});
const embedding = { output: 'E', streams: false } as const;

/** A believable account: every family, in the spellings of the live catalogue. */
export const foundationModels: readonly CatalogueRow[] = [
  claude('haiku-5-5', 'Haiku 5.5'),
  claude('sonnet-5-5', 'Sonnet 5.5'),
  claude('opus-5-5', 'Opus 5.5'),
  claude('fable-5-1', 'Fable 5.1'),
  claude('sonnet-5', 'Sonnet 5'),
  claude('opus-5', 'Opus 5'),
  claude('opus-4-8', 'Opus 4.8'),
  claude('opus-4-7', 'Opus 4.7'),
  claude('opus-4-6-v1', 'Opus 4.6'),
  claude('sonnet-4-6', 'Sonnet 4.6'),
  claude('opus-4-5-20251101-v1:0', 'Opus 4.5'),
  claude('sonnet-4-5-20250929-v1:0', 'Sonnet 4.5'),
  claude('haiku-4-5-20251001-v1:0', 'Haiku 4.5'),
  claude('opus-4-1-20250805-v1:0', 'Opus 4.1', { geographies: us }),
  claude('sonnet-4-20250514-v1:0', 'Sonnet 4', { lifecycle: 'legacy' }),
  claude('3-7-sonnet-20250219-v1:0', '3.7 Sonnet', { geographies: regional, lifecycle: 'legacy' }),
  claude('3-5-sonnet-20241022-v2:0', '3.5 Sonnet v2', { geographies: regional, lifecycle: 'legacy' }),
  claude('3-5-sonnet-20240620-v1:0', '3.5 Sonnet', {
    geographies: regional,
    onDemand: true,
    lifecycle: 'legacy',
  }),
  claude('3-5-haiku-20241022-v1:0', '3.5 Haiku', { geographies: us, onDemand: true, lifecycle: 'legacy' }),
  claude('3-haiku-20240307-v1:0', '3 Haiku', { geographies: regional, onDemand: true, lifecycle: 'legacy' }),
  claude('3-sonnet-20240229-v1:0', '3 Sonnet', {
    geographies: regional,
    onDemand: true,
    lifecycle: 'legacy',
  }),
  claude('v2:1', '2.1', { input: 'T', geographies: [], onDemand: true, lifecycle: 'legacy' }),
  claude('v2', '2', { input: 'T', geographies: [], onDemand: true, lifecycle: 'legacy' }),
  claude('instant-v1', 'Instant', { input: 'T', geographies: [], onDemand: true, lifecycle: 'ended' }),

  row('amazon.nova-micro-v1:0', 'Nova Micro', { geographies: regional }),
  row('amazon.nova-lite-v1:0', 'Nova Lite', { input: 'TIV', geographies: regional }),
  row('amazon.nova-lite-v1:0:24k', 'Nova Lite', { input: 'TIV', onDemand: false, provisionedOnly: true }),
  row('amazon.nova-lite-v1:0:300k', 'Nova Lite', { input: 'TIV', onDemand: false, provisionedOnly: true }),
  row('amazon.nova-pro-v1:0', 'Nova Pro', { input: 'TIV', geographies: regional }),
  profileOnly('amazon.nova-premier-v1:0', 'Nova Premier', { input: 'TIV', lifecycle: 'legacy' }),
  profileOnly('amazon.nova-2-lite-v1:0', 'Nova 2 Lite', { input: 'TIV', geographies: everywhere }),
  row('amazon.nova-2-multimodal-embeddings-v1:0', 'Nova Multimodal Embeddings', {
    input: 'TIVS',
    ...embedding,
  }),
  row('amazon.nova-canvas-v1:0', 'Nova Canvas', { input: 'TI', output: 'I', streams: false }),
  row('amazon.nova-reel-v1:1', 'Nova Reel', { input: 'TI', output: 'V', streams: false }),
  row('amazon.nova-sonic-v1:0', 'Nova Sonic', { input: 'S', output: 'ST' }),
  row('amazon.titan-text-express-v1', 'Titan Text G1 - Express', { lifecycle: 'legacy' }),
  row('amazon.titan-text-lite-v1', 'Titan Text G1 - Lite', { lifecycle: 'legacy' }),
  row('amazon.titan-tg1-large', 'Titan Text Large', { lifecycle: 'legacy' }),
  row('amazon.titan-embed-g1-text-02', 'Titan Text Embeddings v2', { ...embedding }),
  row('amazon.titan-embed-text-v1', 'Titan Embeddings G1 - Text', { ...embedding }),
  row('amazon.titan-embed-text-v2:0', 'Titan Text Embeddings V2', { ...embedding }),
  row('amazon.titan-embed-image-v1', 'Titan Multimodal Embeddings G1', { input: 'TI', ...embedding }),

  row('meta.llama3-8b-instruct-v1:0', 'Llama 3 8B Instruct'),
  row('meta.llama3-70b-instruct-v1:0', 'Llama 3 70B Instruct'),
  row('meta.llama3-1-8b-instruct-v1:0', 'Llama 3.1 8B Instruct', { geographies: us }),
  row('meta.llama3-1-70b-instruct-v1:0', 'Llama 3.1 70B Instruct', { geographies: us }),
  profileOnly('meta.llama3-2-1b-instruct-v1:0', 'Llama 3.2 1B Instruct', { geographies: ['us', 'eu'] }),
  profileOnly('meta.llama3-2-11b-instruct-v1:0', 'Llama 3.2 11B Instruct', { input: 'TI' }),
  profileOnly('meta.llama3-2-90b-instruct-v1:0', 'Llama 3.2 90B Instruct', { input: 'TI' }),
  profileOnly('meta.llama3-3-70b-instruct-v1:0', 'Llama 3.3 70B Instruct'),
  profileOnly('meta.llama4-scout-17b-instruct-v1:0', 'Llama 4 Scout 17B Instruct', { input: 'TI' }),
  profileOnly('meta.llama4-maverick-17b-instruct-v1:0', 'Llama 4 Maverick 17B Instruct', { input: 'TI' }),
  row('meta.llama2-13b-chat-v1', 'Llama 2 Chat 13B', { lifecycle: 'ended' }),

  row('mistral.mistral-7b-instruct-v0:2', 'Mistral 7B Instruct'),
  row('mistral.mixtral-8x7b-instruct-v0:1', 'Mixtral 8x7B Instruct'),
  row('mistral.mistral-small-2402-v1:0', 'Mistral Small'),
  row('mistral.mistral-large-2402-v1:0', 'Mistral Large (24.02)'),
  row('mistral.mistral-large-2407-v1:0', 'Mistral Large (24.07)'),
  row('mistral.mistral-large-3-675b-instruct', 'Mistral Large 3', { input: 'TI' }),
  row('mistral.ministral-3-8b-instruct', 'Ministral 3 8B', { input: 'TI' }),
  row('mistral.magistral-small-2509', 'Magistral Small', { input: 'TI' }),
  row('mistral.devstral-2-123b', 'Devstral 2'),
  row('mistral.voxtral-mini-3b-2507', 'Voxtral Mini', { input: 'TS' }),
  profileOnly('mistral.pixtral-large-2502-v1:0', 'Pixtral Large', { input: 'TI', geographies: ['us', 'eu'] }),

  row('cohere.command-r-v1:0', 'Command R'),
  row('cohere.command-r-plus-v1:0', 'Command R+'),
  row('cohere.command-text-v14', 'Command', { lifecycle: 'legacy' }),
  row('cohere.command-light-text-v14', 'Command Light', { lifecycle: 'legacy' }),
  row('cohere.embed-english-v3', 'Embed English', { ...embedding }),
  row('cohere.embed-multilingual-v3', 'Embed Multilingual', { ...embedding }),
  row('cohere.embed-v4:0', 'Embed v4', { input: 'TI', geographies: everywhere, ...embedding }),
  row('cohere.rerank-v3-5:0', 'Rerank 3.5', { streams: false }),
  row('ai21.jamba-1-5-mini-v1:0', 'Jamba 1.5 Mini'),
  row('ai21.jamba-1-5-large-v1:0', 'Jamba 1.5 Large'),
  row('ai21.j2-mid-v1', 'Jurassic-2 Mid', { lifecycle: 'legacy', streams: false }),

  profileOnly('deepseek.r1-v1:0', 'DeepSeek-R1'),
  row('deepseek.v3-v1:0', 'DeepSeek-V3.1'),
  row('deepseek.v3.2', 'DeepSeek-V3.2'),
  row('openai.gpt-oss-20b-1:0', 'gpt-oss-20b'),
  row('openai.gpt-oss-120b-1:0', 'gpt-oss-120b'),
  profileOnly('openai.gpt-6-sol', 'GPT-6 Sol', { input: 'TI', geographies: ['us', 'global'] }),
  row('qwen.qwen3-32b-v1:0', 'Qwen3 32B'),
  row('qwen.qwen3-coder-30b-a3b-v1:0', 'Qwen3 Coder 30B A3B'),
  row('qwen.qwen3-vl-235b-a22b', 'Qwen3 VL 235B A22B', { input: 'TI' }),
  row('moonshot.kimi-k2-thinking', 'Kimi K2 Thinking'),
  row('moonshotai.kimi-k2.5', 'Kimi K2.5', { input: 'TI' }),
  row('minimax.minimax-m2.5', 'MiniMax M2.5'),
  row('zai.glm-4.7', 'GLM 4.7'),
  row('zai.glm-5', 'GLM 5'),
  row('nvidia.nemotron-super-3-120b', 'Nemotron Super 3'),
  row('nvidia.nemotron-nano-12b-v2', 'Nemotron Nano 12B v2 VL', { input: 'TI' }),
  row('google.gemma-3-12b-it', 'Gemma 3 12B', { input: 'TI' }),
  profileOnly('writer.palmyra-x4-v1:0', 'Palmyra X4'),
  profileOnly('writer.palmyra-x5-v1:0', 'Palmyra X5'),
  row('writer.palmyra-vision-7b', 'Palmyra Vision 7B', { input: 'TI' }),
  profileOnly('xai.grok-4.6', 'Grok 4.6', { input: 'TI' }),
  row('twelvelabs.marengo-embed-2-7-v1:0', 'Marengo Embed v2.7', { input: 'TIVS', ...embedding }),
  profileOnly('twelvelabs.marengo-embed-3-0-v1:0', 'Marengo Embed v3.0', { input: 'TIVS', ...embedding }),
  profileOnly('twelvelabs.pegasus-1-2-v1:0', 'Pegasus v1.2', { input: 'TV' }),
  row('stability.sd3-5-large-v1:0', 'Stable Diffusion 3.5 Large', { output: 'I', streams: false }),
  row('luma.ray-v2:0', 'Ray v2', { output: 'V', streams: false }),
];
