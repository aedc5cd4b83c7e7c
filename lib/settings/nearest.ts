/** The candidate that was probably meant: few edits away, or the name is a part of it. */
export function nearest(name: string, candidates: readonly string[]): string | undefined {
  const written = name.toLowerCase();
  const ranked = candidates
    .map((candidate) => ({ candidate, edits: editsBetween(written, candidate.toLowerCase()) }))
    .sort((a, b) => a.edits - b.edits);
  const best = ranked[0];
  if (best && best.edits <= Math.max(2, name.length / 3)) return best.candidate;
  if (name.length < 3) return undefined;
  return ranked.find(({ candidate }) => candidate.toLowerCase().includes(written))?.candidate;
}

/** Levenshtein distance. */
function editsBetween(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (const [index, letter] of [...a].entries()) {
    const next = [index + 1];
    for (let column = 1; column <= b.length; column++) {
      const replaced = row[column - 1]! + (letter === b[column - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[column]! + 1, next[column - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
