import { alarmsTable } from '../../lib/settings/alarm-rows.ts';
import { functionSettings } from '../../lib/settings/function-settings.ts';
import { settingsTable, variablesTable } from '../../lib/settings/markdown.ts';
import { stackSettings } from '../../lib/settings/stack-settings.ts';
import { clientsPage } from './clients-page.ts';
import { embeddingModelsTable } from './embedding-models-table.ts';
import { imageModelsTable } from './image-models-table.ts';
import { metricsTable } from './metrics-table.ts';
import { modelTable } from './model-table.ts';
import {
  anthropicTable,
  completionsTable,
  embeddingsTable,
  imagesTable,
  moderationsTable,
  openAiTable,
  otherCompletionsTable,
  otherImagesTable,
  otherMessagesTable,
  otherTable,
  rerankTable,
  responsesOwnTable,
  responsesTable,
} from './parameter-table.ts';
import {
  disagreementsTable,
  endings,
  pricesAsOf,
  pricesTable,
  sourcesTable,
  unpricedList,
} from './price-table.ts';

/** A part of a page in docs/ that is made from the code. */
interface Generated {
  file: string;
  /** The part stands between a comment that begins with this and `<!-- end -->`; without one it is the page. */
  mark?: string;
  content: () => string;
}

const parts: readonly Generated[] = [
  { file: 'models.md', content: modelTable },
  { file: 'clients.md', mark: 'clients', content: clientsPage },
  { file: 'compatibility.md', mark: 'OpenAI’s parameters', content: openAiTable },
  { file: 'compatibility.md', mark: 'other parameters', content: otherTable },
  { file: 'messages.md', mark: 'Anthropic’s parameters', content: anthropicTable },
  { file: 'messages.md', mark: 'other parameters', content: otherMessagesTable },
  { file: 'responses.md', mark: 'parameters of Responses', content: responsesTable },
  { file: 'responses.md', mark: 'parameters of Bedrock', content: responsesOwnTable },
  { file: 'prices.md', mark: 'as of', content: pricesAsOf },
  { file: 'prices.md', mark: 'unpriced', content: unpricedList },
  { file: 'prices.md', mark: 'sources', content: sourcesTable },
  { file: 'prices.md', mark: 'disagreements', content: disagreementsTable },
  { file: 'prices.md', mark: 'endings', content: endings },
  { file: 'prices.md', mark: 'prices', content: pricesTable },
  { file: 'completions.md', mark: 'OpenAI’s parameters', content: completionsTable },
  { file: 'completions.md', mark: 'other parameters', content: otherCompletionsTable },
  { file: 'embeddings.md', mark: 'embedding models', content: embeddingModelsTable },
  { file: 'embeddings.md', mark: 'parameters of embeddings', content: embeddingsTable },
  { file: 'images.md', mark: 'models that draw', content: imageModelsTable },
  { file: 'images.md', mark: 'OpenAI’s parameters', content: imagesTable },
  { file: 'images.md', mark: 'other parameters', content: otherImagesTable },
  { file: 'moderations.md', mark: 'parameters of moderations', content: moderationsTable },
  { file: 'rerank.md', mark: 'parameters of rerank', content: rerankTable },
  { file: 'operations.md', mark: 'settings', content: variablesTable },
  { file: 'deploy.md', mark: 'stack settings', content: () => settingsTable(stackSettings) },
  { file: 'deploy.md', mark: 'metrics', content: metricsTable },
  { file: 'deploy.md', mark: 'alarms', content: alarmsTable },
  { file: 'deploy.md', mark: 'function settings', content: () => settingsTable(functionSettings) },
];

export const generatedFiles: readonly string[] = [...new Set(parts.map(({ file }) => file))];

/** A page as it should be, given how it is. Throws when a mark is missing. */
export function regenerated(file: string, page: string): string {
  return parts
    .filter((part) => part.file === file)
    .reduce((text, { mark, content }) => (mark ? replaced(text, mark, content()) : content()), page);
}

function replaced(page: string, mark: string, content: string): string {
  const from = new RegExp(`<!-- ${mark}:.*-->\n`).exec(page);
  const to = from ? page.indexOf('\n<!-- end -->', from.index) : -1;
  if (!from || to < 0) throw new Error(`The page has no part between <!-- ${mark}: … --> and <!-- end -->.`);
  return `${page.slice(0, from.index + from[0].length)}\n${content}\n${page.slice(to)}`;
}
