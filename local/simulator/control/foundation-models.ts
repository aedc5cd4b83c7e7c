import { BedrockError } from '../errors.ts';
import { foundationSummary } from '../models/account.ts';
import type { CatalogueRow } from '../models/catalogue-row.ts';
import { foundationModels } from '../models/foundation-models.ts';
import { listedScenarioModels } from '../scenarios/models.ts';
import type { ControlOperation } from './operation.ts';

const rows = (region: string): readonly CatalogueRow[] =>
  [...foundationModels, ...listedScenarioModels()].filter(
    ({ regions }) => regions === undefined || regions.includes(region),
  );

export const foundationModelOperations: ControlOperation[] = [
  {
    name: 'ListFoundationModels',
    method: 'GET',
    path: ['foundation-models'],
    run({ query, region }) {
      const wants = (name: string, has: (value: string) => boolean) => {
        const value = query.get(name);
        return value === null || has(value);
      };
      const modelSummaries = rows(region)
        .map((row) => foundationSummary(row, region))
        .filter(
          (model) =>
            wants('byProvider', (value) => model.providerName.toLowerCase() === value.toLowerCase()) &&
            wants('byOutputModality', (value) => model.outputModalities.includes(value)) &&
            wants('byInferenceType', (value) => model.inferenceTypesSupported.includes(value)) &&
            wants('byCustomizationType', (value) => model.customizationsSupported.includes(value)),
        );
      return { modelSummaries };
    },
  },
  {
    name: 'GetFoundationModel',
    method: 'GET',
    path: ['foundation-models', '*'],
    run: ({ parameter, region }) => ({ modelDetails: foundationSummary(rowOf(parameter, region), region) }),
  },
  {
    name: 'GetFoundationModelAvailability',
    method: 'GET',
    path: ['foundation-model-availability', '*'],
    run({ parameter, region }) {
      const { id, lifecycle } = rowOf(parameter, region);
      return {
        modelId: id,
        agreementAvailability: { status: lifecycle === 'ended' ? 'NOT_AVAILABLE' : 'AVAILABLE' },
        authorizationStatus: 'AUTHORIZED',
        entitlementAvailability: lifecycle === 'ended' ? 'NOT_AVAILABLE' : 'AVAILABLE',
        regionAvailability: 'AVAILABLE',
      };
    },
  },
];

function rowOf(idOrArn: string, region: string): CatalogueRow {
  const id = idOrArn.replace(/^arn:[^/]*\//, '');
  const row = rows(region).find((each) => each.id === id);
  if (!row)
    throw new BedrockError(
      'ResourceNotFoundException',
      'Could not resolve the foundation model from the provided model identifier.',
    );
  return row;
}
