const longest = 64;

/** A name that OpenAI's APIs take for the schema of an answer, which has to have one. */
export function formatName(given: unknown): string {
  const name = typeof given === 'string' && given !== '' ? given : 'response';
  return name.replace(/[^a-zA-Z0-9_-]/g, '_').slice(0, longest);
}
