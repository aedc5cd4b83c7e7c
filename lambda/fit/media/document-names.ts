const maxLength = 200;

/**
 * Names for the documents of one conversation. Bedrock: "The document file name can only contain alphanumeric
 * characters, whitespace characters, hyphens, parentheses, and square brackets. The name can't contain more
 * than one consecutive whitespace character" (it takes underscores as well: recorded), and "Messages can't
 * contain duplicate document names". The same conversation gets the same names each time.
 */
export function documentNamer(): (name: string | undefined) => string {
  const used = new Set<string>();
  const repeats = new Map<string, number>();
  return (name) => {
    const clean = legalName(name ?? '');
    let count = repeats.get(clean) ?? 1;
    let unique = clean;
    while (used.has(unique)) {
      count += 1;
      const suffix = ` (${count})`;
      unique = clean.slice(0, maxLength - suffix.length).trimEnd() + suffix;
    }
    repeats.set(clean, count);
    used.add(unique);
    return unique;
  };
}

function legalName(name: string): string {
  const plain = name
    // A base letter and its accent as two characters, of which the accent goes.
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    // The format says what the ending said.
    .replace(/\.[a-zA-Z0-9]{1,5}$/, '')
    .replace(/[^a-zA-Z0-9_()[\]-]+/g, ' ');
  return plain.trim().slice(0, maxLength).trimEnd() || 'document';
}
