import type { CatalogueRow } from '../models/catalogue-row.ts';
import { scenarios } from './table.ts';

const scenarioId = /^simulator\.([a-z0-9-]+?)((?:\.[A-Za-z0-9_]+)*)-v1:0$/;

/**
 * The directive of a scenario model, always on: `simulator.throttle-v1:0` is `[[throttle]]`, and
 * `simulator.throttle.2-v1:0` is `[[throttle:2]]`. undefined for all other ids.
 */
export function scenarioModel(modelId: string): string | undefined {
  const match = scenarioId.exec(modelId);
  if (!match || !scenarios.has(match[1]!)) return undefined;
  return `[[${match[1]}${match[2]!.replaceAll('.', ':')}]]`;
}

/** Those that show in the catalogue, so that a list of models offers something to try. */
export function listedScenarioModels(): CatalogueRow[] {
  return [...scenarios.values()]
    .filter((scenario) => scenario.listed)
    .map(({ name }) => ({ id: `simulator.${name}-v1:0`, name: `Scenario ${name}`, onDemand: true }));
}
