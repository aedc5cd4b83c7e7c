import { isObject } from '../../canonical/json.ts';
import type { Json } from '../../canonical/types.ts';

/** How clients call text, whoever said it. */
const texts: ReadonlySet<unknown> = new Set(['input_text', 'output_text', 'text']);

/**
 * The parts of a message, or of a result, under the names that they have where they stand: text is `output_text` in what
 * the assistant said and `input_text` everywhere else, and the others are refused there ("Invalid value: 'input_text'.
 * Supported values are: 'output_text' and 'refusal'."). A string among parts is text.
 */
export function namedParts(parts: readonly Json[], role: Json | undefined): Json[] {
  const type = role === 'assistant' ? 'output_text' : 'input_text';
  return parts.map((part): Json => {
    if (typeof part === 'string') return { type, text: part };
    return isObject(part) && texts.has(part.type) ? { ...part, type } : part;
  });
}

const ofAssistant: ReadonlySet<unknown> = new Set([...texts, 'refusal']);

/** Whether an assistant's message holds what none can, which Converse goes without. */
export const holdsMore = ({ role, content }: Readonly<Record<string, unknown>>): boolean =>
  role === 'assistant' &&
  Array.isArray(content) &&
  content.some((part) => isObject(part) && !ofAssistant.has(part.type));

/** The text of a result that may have no parts; undefined where it has more than text. */
export function textOfResult(output: unknown): string | undefined {
  if (!Array.isArray(output)) return typeof output === 'string' ? output : '';
  const said = namedParts(output, 'user').map((part) =>
    isObject(part) && part.type === 'input_text' && typeof part.text === 'string' ? part.text : undefined,
  );
  return said.every((text) => text !== undefined) ? said.join('\n') : undefined;
}
