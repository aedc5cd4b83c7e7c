import { ServiceError } from './service.ts';

export interface SecretVersion {
  id: string;
  text: string;
  /** Its labels. */
  stages: readonly string[];
  /** Epoch milliseconds. */
  createdAt: number;
}

const [current, previous] = ['AWSCURRENT', 'AWSPREVIOUS'];

/** As many as Secrets Manager keeps; the oldest without a label go first. */
const mostVersions = 100;

/**
 * The versions of a secret, and the labels that lead to them: a label is at one version at most, and AWSPREVIOUS is where
 * AWSCURRENT was last
 * (https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html#term_version).
 */
export class SecretVersions {
  readonly #first: SecretVersion;
  #versions: SecretVersion[];

  constructor(text: string) {
    const createdAt = Date.parse('2026-11-02T08:15:00Z');
    this.#first = { id: '3f2a1b0c-9d8e-4f7a-8b6c-5d4e3f2a1b0c', text, stages: [current], createdAt };
    this.#versions = [this.#first];
  }

  byStage = (stage: string): SecretVersion | undefined =>
    this.#versions.find(({ stages }) => stages.includes(stage));

  byId = (id: string): SecretVersion | undefined => this.#versions.find((version) => version.id === id);

  /** The same again is no other version. Throws ServiceError. */
  put({ id, text, createdAt }: Omit<SecretVersion, 'stages'>, stages: readonly string[]): SecretVersion {
    const known = this.byId(id);
    if (known && known.text !== text) {
      throw new ServiceError(
        'ResourceExistsException',
        `You can't use ClientRequestToken ${id} because that value is already in use for a version of secret.`,
      );
    }
    if (!known) {
      this.#versions.push({ id, text, stages: [], createdAt });
      for (const stage of stages) this.#attach(stage, id);
      const spare = this.#versions.find((version) => version.stages.length === 0 && version.id !== id);
      if (this.#versions.length > mostVersions)
        this.#versions = this.#versions.filter((version) => version !== spare);
    }
    return this.byId(id)!;
  }

  /** Only from the version that has the label. Throws ServiceError. */
  move(stage: string, to: string | undefined, from: string | undefined): void {
    const holder = this.byStage(stage)?.id;
    if (to === undefined && stage === current) {
      throw invalid(
        'You can only move staging label AWSCURRENT to a different secret version. It can’t be completely removed.',
      );
    }
    if (to !== undefined && !this.byId(to)) {
      throw new ServiceError(
        'ResourceNotFoundException',
        `Secrets Manager can't find the specified secret value for VersionId: ${to}`,
      );
    }
    if (holder !== undefined && holder !== to && holder !== from) {
      throw invalid(
        `The parameter RemoveFromVersionId can't be empty. Staging label ${stage} is currently attached to version ${holder}, so you must explicitly reference that version in RemoveFromVersionId.`,
      );
    }
    if (from !== undefined && holder !== from)
      throw invalid(`Staging label ${stage} is not attached to version ${from}.`);
    this.#attach(stage, to);
  }

  clear(): void {
    this.#versions = [this.#first];
  }

  #attach(stage: string, to: string | undefined): void {
    const before = this.byStage(stage)?.id;
    if (before === to) return;
    this.#versions = this.#versions.map((version) => {
      const others = version.stages.filter((each) => each !== stage);
      return { ...version, stages: version.id === to ? [...others, stage] : others };
    });
    if (stage === current) this.#attach(previous, before);
  }
}

const invalid = (message: string) => new ServiceError('InvalidParameterException', message);
