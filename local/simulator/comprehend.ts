import { BedrockError, invalid } from './errors.ts';
import type { Reply } from './operation.ts';
import { jsonReply } from './reply.ts';

/** https://docs.aws.amazon.com/comprehend/latest/APIReference/API_DetectPiiEntities.html */

export const comprehendTarget = 'Comprehend_20171127.DetectPiiEntities';
const maxBytes = 100_000;
/** Those that the API knows, and those of them that the operation takes. */
const languages = ['en', 'es', 'fr', 'de', 'it', 'pt', 'ar', 'hi', 'ja', 'ko', 'zh', 'zh-TW'];
const taken: ReadonlySet<string> = new Set(['en', 'es']);

/** The people that this simulator knows, and streets that look like streets. */
const finds: readonly [string, RegExp][] = [
  ['NAME', /\b(?:Bob|Alice|Carol|Mar[ií]a|John|Jane|Zoë) (?:[A-Z]\p{L}+(?:-[A-Z]\p{L}+)?)/gu],
  [
    'ADDRESS',
    /\b\d{1,5} [A-Z]\p{L}+ (?:Street|Road|Avenue|Lane)(?:, [A-Z]\p{L}+)?|\bCalle [A-Z]\p{L}+ \d{1,4}/gu,
  ],
  ['EMAIL', /[\w.]+@[\w.]+\.\w+/gu],
  ['DATE_TIME', /\b\d{4}-\d{2}-\d{2}\b/gu],
];

/** POST / of Comprehend, for DetectPiiEntities. Throws BedrockError. */
export function detectPii(body: unknown): Reply {
  const { Text: text, LanguageCode: language, ...more } = Object(body) as Record<string, unknown>;
  if (Object.keys(more).length > 0) throw new BedrockError('SerializationException', 'Unexpected member');
  const problems = [problemOf('text', text), problemOf('languageCode', language)].filter(
    (each) => each !== undefined,
  );
  if (typeof language === 'string' && !languages.includes(language))
    problems.push(
      `Value '${language}' at 'languageCode' failed to satisfy constraint: Member must satisfy enum value set: [${languages.join(', ')}]`,
    );
  if (text === '')
    problems.push(
      "Value at 'text' failed to satisfy constraint: Member must have length greater than or equal to 1",
    );
  if (problems.length > 0)
    throw invalid(
      `${problems.length} validation error${problems.length > 1 ? 's' : ''} detected: ${problems.join('; ')}`,
    );
  const size = Buffer.byteLength(String(text));
  if (size > maxBytes)
    throw new BedrockError(
      'TextSizeLimitExceededException',
      `Input text size exceeds limit. Max length of request text allowed is ${maxBytes} bytes while in this request the text size is ${size} bytes`,
    );
  if (!taken.has(String(language)))
    throw new BedrockError('UnsupportedLanguageException', `Unsupported language: ${language}`);
  return jsonReply({ Entities: entitiesIn(String(text)) });
}

function problemOf(name: string, value: unknown): string | undefined {
  if (value === undefined || value === null)
    return `Value null at '${name}' failed to satisfy constraint: Member must not be null`;
  if (typeof value !== 'string') throw new BedrockError('SerializationException', `${name} is no text`);
  return undefined;
}

/** Offsets count Unicode characters, as Comprehend's do. */
function entitiesIn(text: string): object[] {
  const before = new Uint32Array(text.length + 1);
  let count = 0;
  for (let index = 0; index < text.length; count += 1) {
    const next = index + String.fromCodePoint(text.codePointAt(index) ?? 0).length;
    before.fill(count + 1, index + 1, next + 1);
    index = next;
  }
  const charactersTo = (index: number) => before[index] ?? 0;
  return finds
    .flatMap(([Type, pattern]) =>
      [...text.matchAll(pattern)].map(({ 0: found, index }) => ({
        Score: 0.9987,
        Type,
        BeginOffset: charactersTo(index),
        EndOffset: charactersTo(index + found.length),
      })),
    )
    .sort((one, other) => one.BeginOffset - other.BeginOffset);
}
