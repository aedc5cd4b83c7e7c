import { declaredNames } from '../content.ts';
import type { FitStep } from '../types.ts';
import { renameCalls } from './names.ts';

/**
 * A called name that goes on with a special token means the tool it begins with: gpt-oss appends
 * `<|channel|>commentary` (vllm-project/vllm#35906, openai/harmony#114), and writes its tools as `functions.<name>`.
 * No tool can be called so, since Converse takes letters, digits, `_` and `-` only. Comes after every step that adds
 * or renames a tool.
 */
export const fitCalledNames: FitStep = (draft) => {
  const declared = new Set(declaredNames(draft.request.toolConfig));
  if (declared.size === 0) return;
  draft.restores.push(renameCalls((name) => meantName(name, declared)));
};

function meantName(name: string, declared: ReadonlySet<string>): string {
  if (declared.has(name)) return name;
  const [beforeToken = ''] = name.split(/<[|\uff5c]/, 1);
  const bare = beforeToken.trim().replace(/^functions\./, '');
  return declared.has(bare) ? bare : name;
}
