import { openAiParameters, otherParameters } from '../../lambda/apis/chat-completions/parameters.ts';
import {
  completionsParameters,
  otherCompletionsParameters,
} from '../../lambda/apis/completions/parameters.ts';
import { parameters as embeddingsParameters } from '../../lambda/apis/embeddings/parameters.ts';
import {
  openAiParameters as imagesParameters,
  otherParameters as otherImagesParameters,
} from '../../lambda/apis/images/parameters.ts';
import { anthropicParameters, otherMessagesParameters } from '../../lambda/apis/messages/parameters.ts';
import { parameters as moderationsParameters } from '../../lambda/apis/moderations/parameters.ts';
import { parameters as rerankParameters } from '../../lambda/apis/rerank/parameters.ts';
import { bedrockOwnParameters, responsesParameters } from '../../lambda/apis/responses/parameters.ts';
import type { Parameter, Parameters } from '../../lambda/apis/shared/parameters.ts';

/** The parameters of each API and what becomes of them: of Chat Completions for docs/compatibility.md. */
export const openAiTable = (): string => table(openAiParameters);
export const otherTable = (): string => table(otherParameters);
/** Of Messages, for docs/messages.md. */
export const anthropicTable = (): string => table(anthropicParameters);
export const otherMessagesTable = (): string => table(otherMessagesParameters);
/** The same of Responses. */
export const responsesTable = (): string => table(responsesParameters);
export const responsesOwnTable = (): string => table(bedrockOwnParameters);
/** Of legacy completions, for docs/completions.md. */
export const completionsTable = (): string => table(completionsParameters);
export const otherCompletionsTable = (): string => table(otherCompletionsParameters);
/** Of embeddings, for docs/embeddings.md. */
export const embeddingsTable = (): string => table(embeddingsParameters);
/** Of images, for docs/images.md. */
export const imagesTable = (): string => table(imagesParameters);
export const otherImagesTable = (): string => table(otherImagesParameters);
/** Of moderations, for docs/moderations.md. */
export const moderationsTable = (): string => table(moderationsParameters);
/** Of rerank, for docs/rerank.md. */
export const rerankTable = (): string => table(rerankParameters);

function table(rows: Parameters): string {
  return [
    '| Parameter | What becomes of it |',
    '| --- | --- |',
    ...Object.entries(rows).map(([name, row]) => `| \`${name}\` | ${told(row)} |`),
  ].join('\n');
}

function told({ effect, note, quiet = [] }: Parameter): string {
  if (effect !== 'ignored') return `${note}`;
  const silent = quiet.length > 0 ? ` \`${quiet.join('`, `')}\` is accepted silently.` : '';
  return `Ignored. ${note}${silent}`;
}
