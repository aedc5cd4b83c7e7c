import type { Fields } from '../shared/json.ts';
import type { ResponsesRequest } from './schema.ts';

/** Members of parameters without effect, and what is asked to be included that there is not. */
export function ignoredMembers({ reasoning, text, include }: ResponsesRequest): string[] {
  const { effort: _e, summary: _s, generate_summary: _g, ...ofReasoning } = reasoning ?? {};
  const { format: _f, verbosity, ...ofText } = text ?? {};
  const said = (path: string, members: Fields) =>
    Object.entries(members).flatMap(([name, value]) => (value == null ? [] : [`${path}.${name}`]));
  return [
    ...said('reasoning', ofReasoning),
    ...said('text', ofText),
    ...(verbosity != null && verbosity !== 'medium' ? ['text.verbosity'] : []),
    ...(include ?? [])
      .filter((name) => name !== 'reasoning.encrypted_content')
      .map((name) => `include (${name.slice(0, 64)})`),
  ];
}
