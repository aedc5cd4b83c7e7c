import type {
  BedrockClient,
  CustomModelDeploymentSummary,
  CustomModelSummary,
  FoundationModelSummary,
  ImportedModelSummary,
  InferenceProfileSummary,
  MarketplaceModelEndpointSummary,
  PromptRouterSummary,
  ProvisionedModelSummary,
} from '@aws-sdk/client-bedrock';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { bounded } from './bounded.ts';
import { type Describe, describeWith } from './describe.ts';
import { keptConnections } from './kept-connections.ts';
import { bedrockToken, signInWith } from './sign-in.ts';

/** What one region lists, as the SDK gives it. */
export interface Listings {
  foundationModels: FoundationModelSummary[];
  systemProfiles: InferenceProfileSummary[];
  applicationProfiles: InferenceProfileSummary[];
  importedModels: ImportedModelSummary[];
  customModels: CustomModelSummary[];
  deployments: CustomModelDeploymentSummary[];
  provisionedModels: ProvisionedModelSummary[];
  promptRouters: PromptRouterSummary[];
  marketplaceEndpoints: MarketplaceModelEndpointSummary[];
}
export type ListingName = keyof Listings;

/** The IAM action each listing needs, and what to call its content in a message. */
export const listings: Readonly<Record<ListingName, { action: string; label: string }>> = {
  foundationModels: { action: 'bedrock:ListFoundationModels', label: 'foundation models' },
  systemProfiles: { action: 'bedrock:ListInferenceProfiles', label: 'system inference profiles' },
  applicationProfiles: { action: 'bedrock:ListInferenceProfiles', label: 'application inference profiles' },
  importedModels: { action: 'bedrock:ListImportedModels', label: 'imported models' },
  customModels: { action: 'bedrock:ListCustomModels', label: 'custom models' },
  deployments: { action: 'bedrock:ListCustomModelDeployments', label: 'custom model deployments' },
  provisionedModels: { action: 'bedrock:ListProvisionedModelThroughputs', label: 'provisioned throughput' },
  promptRouters: { action: 'bedrock:ListPromptRouters', label: 'prompt routers' },
  marketplaceEndpoints: {
    action: 'bedrock:ListMarketplaceModelEndpoints',
    label: 'Marketplace model endpoints',
  },
};
export const listingNames = Object.keys(listings) as ListingName[];

type Lister = { [K in ListingName]: () => Promise<Listings[K]> };

/** Bedrock's control plane: what there is to call. Fails with the SDK's own errors, and with a TimeoutError. */
export interface ControlPlane {
  /** One listing of one region, all its pages, within 12 s. */
  list<K extends ListingName>(listing: K, region: string): Promise<Listings[K]>;
  /** What is behind an ARN: one call, in the ARN's region. */
  describe: Describe;
  client(region: string): Promise<BedrockClient>;
}

export interface ControlPlaneOptions {
  /** As AWS_MAX_ATTEMPTS; the SDK does these retries, since no client call is repeated by them. */
  maxAttempts: number;
}

/** A page number no account reaches; it ends a service that hands out the same token for ever. */
const maxPages = 100;
/**
 * The most that every paged listing takes (https://docs.aws.amazon.com/bedrock/latest/APIReference/, `maxResults`
 * of each). A page may hold fewer items all the same: the token alone says whether more follow.
 */
const pageSize = 1000;
/**
 * Milliseconds for one listing, with all its pages and attempts. Nobody who asks for models waits as long (the
 * catalogue's patience is less): what comes within this completes the list later.
 */
const listingMs = 12_000;
const requestMs = 10_000;
/** ARNs name regions, and clients name ARNs: clients for more regions than AWS has are not kept. */
const maxClients = 40;

/** The SDK's control-plane client is loaded on first use: no chat whose name resolves from its text needs it. */
export function createControlPlane(options: ControlPlaneOptions): ControlPlane {
  const clients = new Map<string, Promise<BedrockClient>>();
  const client = (region: string) => {
    const known = clients.get(region);
    if (known) return known;
    if (clients.size >= maxClients) clients.clear();
    const created = createClient(region, options);
    clients.set(region, created);
    return created;
  };
  return {
    client,
    list: (listing, region) =>
      bounded(listingMs, async (signal) => (await listers(await client(region), signal))[listing]()),
    describe: describeWith(client),
  };
}

async function createClient(region: string, { maxAttempts }: ControlPlaneOptions): Promise<BedrockClient> {
  const { BedrockClient } = await import('@aws-sdk/client-bedrock');
  const client: BedrockClient = new BedrockClient({
    region,
    maxAttempts,
    token: bedrockToken,
    authSchemePreference: async () => [await signIn()],
    requestHandler: keptConnections(
      new NodeHttpHandler({
        connectionTimeout: 3000,
        requestTimeout: requestMs,
        throwOnRequestTimeout: true,
      }),
    ),
  });
  const signIn = signInWith(() => client.config.credentials());
  return client;
}

async function listers(client: BedrockClient, abortSignal: AbortSignal): Promise<Lister> {
  const sdk = await import('@aws-sdk/client-bedrock');
  const options = { abortSignal };
  const page = (nextToken: string | undefined) => ({ maxResults: pageSize, nextToken });
  const profiles = (typeEquals: 'SYSTEM_DEFINED' | 'APPLICATION') =>
    pages(
      (at) => client.send(new sdk.ListInferenceProfilesCommand({ typeEquals, ...page(at) }), options),
      (found) => found.inferenceProfileSummaries,
    );
  return {
    foundationModels: async () =>
      (await client.send(new sdk.ListFoundationModelsCommand({}), options)).modelSummaries ?? [],
    systemProfiles: () => profiles('SYSTEM_DEFINED'),
    applicationProfiles: () => profiles('APPLICATION'),
    importedModels: () =>
      pages(
        (at) => client.send(new sdk.ListImportedModelsCommand(page(at)), options),
        (found) => found.modelSummaries,
      ),
    customModels: () =>
      pages(
        (at) => client.send(new sdk.ListCustomModelsCommand(page(at)), options),
        (found) => found.modelSummaries,
      ),
    deployments: () =>
      pages(
        (at) => client.send(new sdk.ListCustomModelDeploymentsCommand(page(at)), options),
        (found) => found.modelDeploymentSummaries,
      ),
    provisionedModels: () =>
      pages(
        (at) => client.send(new sdk.ListProvisionedModelThroughputsCommand(page(at)), options),
        (found) => found.provisionedModelSummaries,
      ),
    promptRouters: () =>
      pages(
        (at) => client.send(new sdk.ListPromptRoutersCommand(page(at)), options),
        (found) => found.promptRouterSummaries,
      ),
    marketplaceEndpoints: () =>
      pages(
        (at) => client.send(new sdk.ListMarketplaceModelEndpointsCommand(page(at)), options),
        (found) => found.marketplaceModelEndpoints,
      ),
  };
}

async function pages<Page extends { nextToken?: string | undefined }, Item>(
  fetchPage: (nextToken: string | undefined) => Promise<Page>,
  itemsOf: (page: Page) => Item[] | undefined,
): Promise<Item[]> {
  const items: Item[] = [];
  let nextToken: string | undefined;
  for (let page = 0; page < maxPages; page++) {
    const answer = await fetchPage(nextToken);
    items.push(...(itemsOf(answer) ?? []));
    if (!answer.nextToken || answer.nextToken === nextToken) break;
    nextToken = answer.nextToken;
  }
  return items;
}
