import { base, documents, type Family, imagesAndDocuments } from './family.ts';

const llama: Omit<Family, 'name' | 'match'> = {
  ...base,
  stopSequences: false,
  tools: 'not-in-streams',
  toolResultsAlone: true,
  toolCallsAlone: true,
  media: documents,
};
const mistral: Omit<Family, 'name' | 'match'> = { ...base, media: documents };
/** Calls tools, with ids of its own (vercel/ai#11802). */
const mistralLarge: Omit<Family, 'name' | 'match'> = {
  ...mistral,
  tools: 'not-in-streams',
  toolChoice: { any: true, tool: false },
  toolUseId: /^[a-zA-Z0-9]{9}$/,
  toolResultsAlone: true,
  toolResultMedia: { image: false, document: 'any', video: false },
};

/** Meta's models and Mistral's first generations: AWS's feature table; tool results: pydantic-ai, live. */
export const llamaMistralFamilies: Family[] = [
  { ...llama, name: 'Llama with tools', match: /^meta\.llama(3-1|3-3)-/ },
  {
    ...llama,
    name: 'Llama 3.2 with vision',
    match: /^meta\.llama3-2-(11|90)b/,
    media: imagesAndDocuments,
  },
  {
    ...llama,
    name: 'Llama 4',
    match: /^meta\.llama4-/,
    toolResultMedia: { image: true, document: 'any', video: false },
    media: imagesAndDocuments,
  },
  {
    ...llama,
    name: 'Llama',
    match: /^meta\.llama/,
    contextTokens: 8192,
    tools: 'refused',
    toolResultsAlone: false,
    toolCallsAlone: false,
  },
  {
    ...mistral,
    name: 'Mistral Instruct',
    match: /^mistral\.(mistral-7b|mixtral-8x7b)/,
    contextTokens: 32_000,
    system: false,
    tools: 'refused',
  },
  { ...mistralLarge, name: 'Mistral Large and Small', match: /^mistral\.mistral-(large|small)-24/ },
  {
    ...mistralLarge,
    name: 'Pixtral',
    match: /^mistral\.pixtral/,
    maxOutputTokens: 16_384,
    media: imagesAndDocuments,
  },
];
