/**
 * How objects are called in the bucket. Everything of one caller is below a name that only his key gives, and names
 * begin with the time counted backwards, so that a list comes newest first.
 */

/** A file's or batch's own name in the bucket: six bytes of inverted time and eight of chance, in hexadecimal digits. */
export type Stem = string;

const latest = 2 ** 48 - 1;
export const stemPattern = /^[0-9a-f]{28}$/;

/** `at`: epoch milliseconds; `chance`: eight bytes. */
export const newStem = (at: number, chance: Uint8Array): Stem =>
  `${(latest - at).toString(16).padStart(12, '0')}${Buffer.from(chance).toString('hex')}`;

/** Epoch milliseconds. */
export const timeOf = (stem: Stem): number => latest - Number.parseInt(stem.slice(0, 12), 16);

/** After every key that begins with the same folder: no name in the bucket has a tilde. */
export const past = (folder: string): string => `${folder}~`;

export const filesOf = (owner: string): string => `files/${owner}/`;
export const fileFolder = (owner: string, stem: Stem): string => `${filesOf(owner)}${stem}/`;

/** Answers, and what came to none. */
export type ResultFile = 'output' | 'errors';

export type BatchKind = 'openai' | 'anthropic';
export const batchesOf = (owner: string, kind: BatchKind): string => `batches/${owner}/${kind}/`;

/** Where the parts of one batch are. */
export function batchKeys(owner: string, kind: BatchKind, stem: Stem) {
  const folder = `${batchesOf(owner, kind)}${stem}/`;
  return {
    folder,
    /** What the batch is: `StoredBatch`. */
    batch: `${folder}batch.json`,
    /** Taken by the first who reads the results. */
    metered: `${folder}metered`,
    input: (job: number) => `${folder}in/${job}.jsonl`,
    /** The way back of each record. */
    context: (job: number) => `${folder}context/${job}.jsonl`,
    outputFolder: `${folder}out/`,
    /** A file of results that a client has deleted: both are read from what the job has written. */
    removed: (file: ResultFile) => `${folder}removed/${file}`,
    /** What a job has written: by its id, and by the name of its input. */
    output: (job: number, id: string) => `${folder}out/${id}/${job}.jsonl.out`,
    summary: (id: string) => `${folder}out/${id}/manifest.json.out`,
  };
}
