import type { Capabilities } from './capabilities.ts';

/** What models have refused in this process, by model id: it corrects the family table until the process ends. */
export interface Learned {
  of(modelId: string): Partial<Capabilities>;
  add(modelId: string, correction: Partial<Capabilities>): void;
}

/** Model names come from clients, so what is remembered is bounded: the oldest is forgotten first. */
const maxModels = 500;

export function createLearned(): Learned {
  const corrections = new Map<string, Partial<Capabilities>>();
  return {
    of: (modelId) => corrections.get(modelId) ?? {},
    add(modelId, correction) {
      const known = corrections.get(modelId);
      corrections.delete(modelId);
      corrections.set(modelId, { ...known, ...correction });
      const oldest = corrections.size > maxModels ? corrections.keys().next().value : undefined;
      if (oldest !== undefined) corrections.delete(oldest);
    },
  };
}
