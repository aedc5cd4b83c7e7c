import { chooseFormat, formatOverride, rawFormat } from '../../backends/invoke/choose-format.ts';
import type { ImportedModel } from '../catalogue/entry.ts';
import { capabilitiesOf } from '../families/capabilities-of.ts';
import { invokeCapabilities } from '../invoke-capabilities.ts';
import type { Knowledge, Place, Walk } from './walk.ts';

/**
 * An imported model: Converse where it says so (`instructSupported`), else InvokeModel, which serves all of
 * them (https://docs.aws.amazon.com/bedrock/latest/userguide/invoke-imported-model.html): so that is also
 * what happens when nothing can be learned. A format in the settings means InvokeModel.
 */
export async function placeImported(
  knowledge: Knowledge,
  walk: Walk,
  arn: string,
  region: string,
): Promise<Place> {
  const formats = knowledge.config.importedModelFormats;
  const model = await importedModel(knowledge, walk, arn, region);
  if (model.instructSupported && formatOverride(model, formats) === undefined) {
    walk.reasons.push('an imported model that Converse serves');
    const raw = rawFormat(chooseFormat(model));
    return { id: arn, region, backend: 'converse', rawFormat: raw, capabilities: capabilitiesOf(arn) };
  }
  const format = chooseFormat(model, formats);
  walk.reasons.push(`an imported model for InvokeModel, format ${format}`);
  const capabilities = capabilitiesOf(arn, invokeCapabilities(format, model.architecture));
  return { id: arn, region, backend: 'invoke', format, rawFormat: rawFormat(format), capabilities };
}

async function importedModel(
  knowledge: Knowledge,
  walk: Walk,
  arn: string,
  region: string,
): Promise<ImportedModel> {
  const row = knowledge.catalogue.peek()?.rows.find((row) => row.modelId === arn);
  if (row?.imported) return row.imported;
  const known = await knowledge.lookUp(arn, 'imported-model', region);
  if ('description' in known && known.description.imported) return { arn, ...known.description.imported };
  const failure = 'failure' in known ? known.failure : 'no answer';
  walk.reasons.push(`what the imported model is could not be asked: ${failure}`);
  if (formatOverride({ arn }, knowledge.config.importedModelFormats) === undefined)
    walk.warnings.push(
      `nothing is known of the imported model ${walk.asked} (${failure}), so its format is a guess: ` +
        'set it in IMPORTED_MODEL_FORMATS or allow bedrock:GetImportedModel',
    );
  return { arn, instructSupported: false };
}
