import { type CatalogueRow, embedding, everywhere, profileOnly, row, until } from './catalogue-row.ts';

const picture = { input: 'TI', output: 'I', streams: false } as const;
const stable = (id: string, name: string): CatalogueRow =>
  profileOnly(`stability.stable-${id}-v1:0`, `Stable ${name}`, picture);

/** https://docs.aws.amazon.com/bedrock/latest/userguide/models-regions.html */
const generation = { output: 'I', streams: false, regions: ['us-west-2'] } as const;

/** https://docs.aws.amazon.com/bedrock/latest/userguide/rerank-supported.html */
const withRerankers = ['us-west-2', 'ca-central-1', 'eu-central-1', 'ap-northeast-1'];

/** What no chat can be held with: embeddings, rerankers, pictures, video and speech. */
export const otherModels: readonly CatalogueRow[] = [
  row('amazon.nova-2-multimodal-embeddings-v1:0', 'Nova Multimodal Embeddings', {
    input: 'TIVS',
    ...embedding,
  }),
  row('amazon.titan-embed-g1-text-02', 'Titan Text Embeddings v2', { ...embedding }),
  row('amazon.titan-embed-text-v1', 'Titan Embeddings G1 - Text', { ...embedding }),
  row('amazon.titan-embed-text-v2:0', 'Titan Text Embeddings V2', { ...embedding }),
  row('amazon.titan-embed-image-v1', 'Titan Multimodal Embeddings G1', { input: 'TI', ...embedding }),
  row('cohere.embed-english-v3', 'Embed English', { ...embedding }),
  row('cohere.embed-multilingual-v3', 'Embed Multilingual', { ...embedding }),
  row('cohere.embed-v4:0', 'Embed v4', { input: 'TI', geographies: everywhere, ...embedding }),
  row('twelvelabs.marengo-embed-2-7-v1:0', 'Marengo Embed v2.7', {
    input: 'TIVS',
    ...embedding,
    ...until('2026-11-30'),
  }),
  profileOnly('twelvelabs.marengo-embed-3-0-v1:0', 'Marengo Embed v3.0', {
    input: 'TIVS',
    ...embedding,
    lifecycle: 'legacy',
  }),

  row('cohere.rerank-v3-5:0', 'Rerank 3.5', { streams: false, regions: ['us-east-1', ...withRerankers] }),
  row('amazon.rerank-v1:0', 'Rerank 1.0', { streams: false, regions: withRerankers }),

  row('amazon.nova-2-sonic-v1:0', 'Nova 2 Sonic', { input: 'S', output: 'ST' }),
  row('amazon.nova-2-5-sonic', 'Nova 2.5 Sonic', { input: 'S', output: 'ST' }),

  row('stability.sd3-5-large-v1:0', 'Stable Diffusion 3.5 Large', { ...generation, input: 'TI' }),
  row('stability.stable-image-core-v1:1', 'Stable Image Core', generation),
  row('stability.stable-image-ultra-v1:1', 'Stable Image Ultra', generation),
  stable('conservative-upscale', 'Image Conservative Upscale'),
  stable('creative-upscale', 'Image Creative Upscale'),
  stable('fast-upscale', 'Image Fast Upscale'),
  stable('image-control-sketch', 'Image Control Sketch'),
  stable('image-control-structure', 'Image Control Structure'),
  stable('image-erase-object', 'Image Erase Object'),
  stable('image-inpaint', 'Image Inpaint'),
  stable('image-remove-background', 'Image Remove Background'),
  stable('image-search-recolor', 'Image Search and Recolor'),
  stable('image-search-replace', 'Image Search and Replace'),
  stable('image-style-guide', 'Image Style Guide'),
  stable('outpaint', 'Image Outpaint'),
  stable('style-transfer', 'Image Style Transfer'),
  row('luma.ray-v2:0', 'Ray v2', { output: 'V', streams: false }),
];
