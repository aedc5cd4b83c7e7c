import { renameCalls } from '../tools/names.ts';
import type { Restore } from '../types.ts';

/**
 * A called name that goes on with a special token means the tool it begins with: gpt-oss appends
 * `<|channel|>commentary` (vllm-project/vllm#35906, openai/harmony#114), and writes its tools as `functions.<name>`.
 * No tool can be called so, since Converse takes letters, digits, `_` and `-` only.
 */
export function restoreCalledNames(declared: ReadonlySet<string>): Restore {
  return renameCalls((name) => {
    if (declared.has(name)) return name;
    const [beforeToken = ''] = name.split(/<[|\uff5c]/, 1);
    const bare = beforeToken.trim().replace(/^functions\./, '');
    return declared.has(bare) ? bare : name;
  });
}
