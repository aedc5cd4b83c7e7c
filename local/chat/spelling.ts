import type { note, Spell } from '../../lambda/fields.ts';

/** What the terminal calls a field of a request: the option that sets it. */
const options: Readonly<Record<string, string>> = {
  model: '--model',
  maxTokens: '--max-tokens',
  temperature: '--temperature',
  outputFormat: '--json-schema',
  'reasoning.effort': '--effort',
  'reasoning.budgetTokens': '--effort',
  'reasoning.thinking': '--effort',
  messages: 'the conversation',
};

export const spellOption: Spell = (field) => options[field] ?? field;

/** A note of the engine's in the terminal's words. */
export const inOptions = (text: string | ReturnType<typeof note>): string =>
  typeof text === 'string' ? text : text.spelled(spellOption);
