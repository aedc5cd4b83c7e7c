import { badRequest, unsupported } from '../shared/bad-request.ts';
import { kindOf } from '../shared/json.ts';

/** Answers that a request may ask for, of all its prompts together: each is a call of its own. */
export const maxAnswers = 16;

/** The prompts of a request, in their order. Throws a 400 that names the one at fault. */
export function readPrompts(given: unknown, n: number): string[] {
  if (given === undefined || given === null)
    throw badRequest("Missing required parameter: 'prompt'.", 'prompt', 'missing_required_parameter');
  if (typeof given === 'string') return [readPrompt(given, 'prompt')];
  if (!Array.isArray(given)) throw wrong(given, 'prompt');
  if (given.length === 0) throw badRequest("Invalid value for 'prompt': the list is empty.", 'prompt');
  if (typeof given[0] === 'number') throw tokens('prompt');
  if (given.length * n > maxAnswers) {
    throw badRequest(
      `Invalid value for 'prompt': ${given.length} prompts with ${n} answer(s) each; at most ${maxAnswers} answers are ` +
        'made in one request.',
      'prompt',
    );
  }
  return given.map((prompt, index) => readPrompt(prompt, `prompt[${index}]`));
}

function readPrompt(prompt: unknown, path: string): string {
  if (Array.isArray(prompt)) throw tokens(path);
  if (typeof prompt !== 'string') throw wrong(prompt, path);
  if (prompt.trim() === '') throw badRequest(`Invalid value for '${path}': it has no text.`, path);
  return prompt;
}

const wrong = (value: unknown, path: string) =>
  badRequest(
    `Invalid value for '${path}': expected a string or a list of strings, but got ${kindOf(value)}.`,
    path,
  );

const tokens = (path: string) =>
  unsupported(
    `'${path}' is a list of tokens, which only the model that they were made for could read. Send the text itself.`,
    path,
  );
