import { type Deployment, defaultDeployment } from './account/deployment.ts';
import { type RoleSession, type SimulatedRole, usualRoles } from './account/roles.ts';
import { SecretVersions } from './account/secret-versions.ts';
import { BoundedMap } from './bounded-map.ts';
import { Jobs } from './jobs/store.ts';
import type { InferenceProfileSummary } from './models/account-types.ts';
import { ResponseStore } from './openai/responses/store.ts';
import { Buckets } from './s3/store.ts';

export interface WorldOptions {
  /** Where the account's own models live; foundation models and profiles exist everywhere. */
  region: string;
  account: string;
  /** true: turns must alternate, as Bedrock demanded until 2025. false: it merges them, as it does since. */
  strict: boolean;
  /** Models that have ended still answer. */
  retired?: boolean;
  now: () => number;
  /** Pages may hold fewer items than were asked for; 1000. */
  largestPage?: number | undefined;
  /** IAM roles of the account that may be assumed; the usual ones. */
  roles?: readonly SimulatedRole[] | undefined;
  /** Where it differs from the usual one. */
  deployment?: Partial<Deployment> | undefined;
}

/** What the simulator remembers between calls. Everything is bounded, and `forget` empties it. */
export class World {
  readonly region: string;
  readonly account: string;
  readonly strict: boolean;
  readonly retired: boolean;
  readonly now: () => number;
  readonly largestPage: number;
  readonly deployment: Deployment;
  /** The secret with the key of the deployment. */
  readonly secret: SecretVersions;
  readonly roles: readonly SimulatedRole[];
  /** Sessions that STS has given credentials for, by the id of their access key. */
  readonly sessions = new BoundedMap<string, RoleSession>(1000);
  /** Application inference profiles made with CreateInferenceProfile, by ARN. */
  readonly createdProfiles = new BoundedMap<string, InferenceProfileSummary>(1000);
  /** ARNs of application inference profiles that are gone: of the account's own, and of those made since. */
  readonly deletedProfiles = new BoundedMap<string, true>(1000);
  /** Answers of Responses that can be asked for again. */
  readonly responses = new ResponseStore();
  /** S3. */
  readonly buckets: Buckets;
  /** Jobs of batch inference. */
  readonly jobs: Jobs;
  readonly #tries = new BoundedMap<string, number>(10_000);
  readonly #cachedPrefixes = new BoundedMap<string, true>(10_000);

  constructor(options: WorldOptions) {
    this.region = options.region;
    this.account = options.account;
    this.strict = options.strict;
    this.retired = options.retired ?? false;
    this.now = options.now;
    this.largestPage = options.largestPage ?? 1000;
    this.roles = options.roles ?? usualRoles;
    this.deployment = { ...defaultDeployment, ...options.deployment };
    this.secret = new SecretVersions(this.deployment.secret);
    this.buckets = new Buckets(options.now);
    this.jobs = new Jobs(options.now);
  }

  /** How often this was called with the same key, this time included. */
  countTry(key: string): number {
    const tries = (this.#tries.get(key) ?? 0) + 1;
    this.#tries.set(key, tries);
    return tries;
  }

  isCached(prefix: string): boolean {
    return this.#cachedPrefixes.has(prefix);
  }

  cache(prefix: string): void {
    this.#cachedPrefixes.set(prefix, true);
  }

  forget(): void {
    this.#tries.clear();
    this.#cachedPrefixes.clear();
    this.createdProfiles.clear();
    this.deletedProfiles.clear();
    this.responses.clear();
    this.buckets.clear();
    this.jobs.clear();
    this.sessions.clear();
    this.secret.clear();
  }
}
