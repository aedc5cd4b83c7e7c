import type { CatalogueRow } from './catalogue-row.ts';
import { claudeModels } from './claude-models.ts';
import { otherModels } from './other-models.ts';
import { textModels } from './text-models.ts';

/**
 * What a live account listed in October 2026, in its spellings, and what has come since. Models of the mantle endpoint
 * alone are not of this account: its runtime endpoint does not know their ids.
 */
export const foundationModels: readonly CatalogueRow[] = [...claudeModels, ...textModels, ...otherModels];
