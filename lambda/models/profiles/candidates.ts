/** The profiles that can stand in for a model in a region: the first one is chosen. */
export interface Candidates {
  /** Ids still to try, best first. */
  ids: readonly string[];
  /** Those that Bedrock has refused. */
  refused: readonly string[];
  /** The catalogue has them; otherwise they are guesses. */
  listed: boolean;
}

/** What is left after a profile was refused; undefined when it was none of these. */
export function without({ ids, refused, listed }: Candidates, id: string): Candidates | undefined {
  if (!ids.includes(id)) return undefined;
  return { ids: ids.filter((each) => each !== id), refused: [...refused, id], listed };
}

/** Remembers candidates by model and region, for a while: permissions and profiles change. */
export interface CandidateMemory {
  recall(modelId: string, region: string): Candidates | undefined;
  remember(modelId: string, region: string, candidates: Candidates): void;
}

/** The oldest is forgotten first. */
const maxRemembered = 500;
/** At least, where the catalogue is not kept at all. */
const minTtlMs = 60_000;

/** `ttlMs` and `now` in milliseconds. */
export function createCandidateMemory(ttlMs: number, now: () => number): CandidateMemory {
  const remembered = new Map<string, { candidates: Candidates; until: number }>();
  const keyOf = (modelId: string, region: string) => `${region} ${modelId}`;
  return {
    recall(modelId, region) {
      const hit = remembered.get(keyOf(modelId, region));
      return hit && now() < hit.until ? hit.candidates : undefined;
    },
    remember(modelId, region, candidates) {
      const key = keyOf(modelId, region);
      remembered.delete(key);
      // With nothing left to choose, the next request begins anew.
      if (candidates.ids.length === 0) return;
      remembered.set(key, { candidates, until: now() + Math.max(ttlMs, minTtlMs) });
      const [oldest] = remembered.keys();
      if (remembered.size > maxRemembered && oldest !== undefined) remembered.delete(oldest);
    },
  };
}
