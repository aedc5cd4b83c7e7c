import { embeddingFamilyOf } from '../embeddings/families.ts';
import { otherPurposes } from '../families/without-route.ts';
import { imageFamilyOf } from '../images/families.ts';
import { baseModelId } from '../names/model-id.ts';
import { type Residency, travelsTooFar } from '../profiles/pick.ts';
import { rerankFamilyOf } from '../rerank/families.ts';
import type { CatalogueEntry, CatalogueType, Endpoint } from './entry.ts';

/** What is known of an entry before it is decided who serves it. */
export type Offered = Pick<
  CatalogueEntry,
  'type' | 'modelId' | 'underlying' | 'region' | 'input' | 'output' | 'lifecycle'
>;

/**
 * The routes that serve a model, and why a list for people to choose from leaves it out. Modalities are an open
 * set: where none are known the model is taken for one that chats.
 */
export function offerOf(
  entry: Offered,
  residency: Residency,
): { endpoints: readonly Endpoint[]; notListed?: string } {
  const misfit = misfitOf(entry);
  const unserved = ended(entry) ?? (misfit && `No route of this gateway serves it: ${misfit}.`);
  if (unserved) return { endpoints: [], notListed: unserved };
  const notListed = tooFar(entry, residency);
  return { endpoints: endpointsOf(entry), ...(notListed && { notListed }) };
}

const modelOf = ({ underlying, modelId }: Offered) => underlying ?? modelId;

function endpointsOf(entry: Offered): Endpoint[] {
  const id = modelOf(entry);
  if (embeddingFamilyOf(id)) return ['embeddings'];
  const tasks = imageFamilyOf(id)?.tasks;
  if (tasks) return tasks.map((task) => (task === 'edit' ? 'imageEdits' : 'images'));
  return [rerankFamilyOf(id) ? 'rerank' : 'chat'];
}

/** Completes "no route serves it: …"; undefined for what chats, makes embeddings, ranks documents or draws. */
function misfitOf(entry: Offered): string | undefined {
  const { input, output } = entry;
  const id = baseModelId(modelOf(entry));
  if (embeddingFamilyOf(id) || rerankFamilyOf(id) || imageFamilyOf(id)) return undefined;
  const other = otherPurposes.find(({ match }) => match.test(id));
  if (other) return `it ${other.purpose}`;
  if (output.length > 0 && !output.includes('TEXT')) return `it gives ${output.join(' and ')}`;
  if (input.length > 0 && !input.includes('TEXT')) return `it takes ${input.join(' and ')}, and no text`;
  return undefined;
}

/** What ends with its model. Of a router, a deployment or provisioned throughput nothing says so. */
const endsWithModel: ReadonlySet<CatalogueType> = new Set<CatalogueType>([
  'foundation',
  'profile',
  'application-profile',
]);

function ended({ type, lifecycle }: Offered): string | undefined {
  if (lifecycle?.status !== 'END_OF_LIFE' || !endsWithModel.has(type)) return undefined;
  const day = new Date((lifecycle.endOfLife ?? 0) * 1000).toISOString().slice(0, 10);
  return `It reached the end of its life on Amazon Bedrock on ${day}.`;
}

function tooFar({ type, modelId, region }: Offered, residency: Residency): string | undefined {
  return type === 'profile' && travelsTooFar(modelId, region, residency)
    ? `RESIDENCY is ${residency}, and this inference profile may route a request further than that.`
    : undefined;
}
