/** One turn of a conversation that has been reduced to text. */
export interface Turn {
  role: 'user' | 'assistant';
  text: string;
}

/**
 * How an architecture writes a conversation as one prompt. Custom Model Import applies no template to a
 * prompt (https://docs.aws.amazon.com/bedrock/latest/userguide/invoke-imported-model.html), so the gateway does.
 */
export interface ChatTemplate {
  begin: string;
  user: Frame;
  assistant: Frame;
  /** A turn of its own, or how the first user turn takes it up. */
  system: Frame | ((system: string, user: string) => string);
  /** What stands before the answer. */
  ask: string;
  /** Between turns; default: nothing. */
  separator?: string;
  /** Control tokens that a text of the conversation must not hold. */
  tokens: readonly string[];
}

export interface Frame {
  open: string;
  close: string;
}

/**
 * The prompt that asks for the assistant's next turn; a conversation that ends with the assistant is left
 * open there, for the model to go on.
 */
export function renderPrompt(template: ChatTemplate, system: string, turns: readonly Turn[]): string {
  const clean = turns.map(({ role, text }) => ({ role, text: defused(text, template) }));
  const instruction = defused(system, template);
  const how = instruction === '' ? undefined : template.system;
  const rendered = typeof how === 'function' ? withSystem(how, instruction, clean) : clean;
  const parts = typeof how === 'object' ? [how.open + instruction + how.close] : [];
  const open = rendered.at(-1)?.role === 'assistant' ? rendered.length - 1 : -1;
  rendered.forEach(({ role, text }, index) => {
    parts.push(template[role].open + text + (index === open ? '' : template[role].close));
  });
  return template.begin + parts.join(template.separator ?? '') + (open === -1 ? template.ask : '');
}

function withSystem(
  render: (system: string, user: string) => string,
  system: string,
  turns: readonly Turn[],
): Turn[] {
  const [first, ...rest] = turns;
  if (first?.role === 'user') return [{ role: 'user', text: render(system, first.text) }, ...rest];
  return [{ role: 'user', text: render(system, '') }, ...turns];
}

/**
 * The tokenizer reads control tokens wherever they stand: one in a document or in a tool's answer would end
 * the turn and let that text speak as another role. A space inside makes it plain text.
 */
function defused(text: string, { tokens }: ChatTemplate): string {
  return tokens.reduce((each, token) => each.replaceAll(token, `${token[0]} ${token.slice(1)}`), text);
}
