import { efforts } from '../../canonical/request.ts';
import { field, note } from '../../fields.ts';
import type { Capabilities, ReasoningStyle } from '../../models/capabilities.ts';
import { extra, extraneous, type RepairRow, says, unsupported, when } from './row.ts';

/** What refuses a budget is Claude 4.7 or later, which shows its thinking only when asked to. */
const newestThinking: ReasoningStyle = {
  kind: 'adaptive',
  budgetToo: false,
  canDisable: true,
  textOnRequest: true,
  onByDefault: false,
  maxEffort: 'high',
};

/** How a model reasons, how much, and what of it may come back. */
export const reasoningRepairs: readonly RepairRow[] = [
  {
    text: says(/\W?thinking\.type\.enabled\W+is not supported/),
    correct: (c) =>
      when(c.reasoning.kind !== 'adaptive' || c.reasoning.budgetToo, {
        reasoning: newestThinking,
      }),
    warning: note`a thinking budget became an effort: the model takes adaptive thinking only`,
  },
  {
    text: says(/\W?thinking\.type\.disabled\W+is not supported/),
    correct: ({ reasoning }) =>
      reasoning.kind === 'adaptive'
        ? when(reasoning.canDisable, { reasoning: { ...reasoning, canDisable: false } })
        : when(reasoning.kind === 'effort', { reasoning: { ...newestThinking, canDisable: false } }),
    warning: note`thinking was left on: it cannot be switched off on this model`,
  },
  {
    text: says(extra(/thinking\.(?:adaptive\.)?display/)),
    correct: ({ reasoning }) =>
      reasoning.kind === 'adaptive'
        ? when(reasoning.textOnRequest === true, { reasoning: { ...reasoning, textOnRequest: undefined } })
        : undefined,
    warning: note`the text of the thinking was not asked for: the model refuses that`,
  },
  {
    text: says(
      /output_config\.effort: Input should be ((?:'\w+'(?:, | or )?)+)/,
      /Invalid value(?: for [\w.]{1,40})?: '\w{1,20}'\. Supported values are: ((?:'\w+'(?:, | and |, and )?)+)/,
    ),
    correct: ({ reasoning }, match) => withEfforts(reasoning, match[1] ?? match[2] ?? ''),
    warning: note`the reasoning effort became one that the model has`,
  },
  {
    text: says(/Unknown parameter: '(?:reasoning_effort|thinking)'/),
    correct: ({ reasoning }) =>
      when(reasoning.kind === 'effort' && reasoning.field !== 'reasoning.effort', {
        reasoning: {
          kind: 'effort',
          field: 'reasoning.effort',
          values: ['none', 'low', 'medium', 'high', 'xhigh'],
          canDisable: true,
        },
      }),
    warning: note`the reasoning effort was put where the model reads it`,
  },
  {
    text: says(/adaptive thinking is not supported/),
    correct: (c) => when(c.reasoning.kind !== 'budget', { reasoning: { kind: 'budget' } }),
    warning: note`adaptive thinking became a thinking budget: the model takes no other`,
  },
  {
    text: says(
      extraneous(/(?:reasoning_effort|reasoning_config|reasoningConfig|thinking)/),
      extra(/(?:reasoning_effort|thinking|output_config)(?:\.effort)?/),
      /Unknown parameter: 'reasoning(?:\.effort)?'/,
    ),
    correct: (c) => when(c.reasoning.kind !== 'none', { reasoning: { kind: 'none' } }),
    warning: note`the request for reasoning was left out: the model has none to ask for`,
  },
  {
    text: says(unsupported(/reasoningContent\.redactedContent/)),
    correct: (c) => when(c.reasoningReplay !== false, { reasoningReplay: false }),
    warning: note`earlier reasoning was left out: the model does not take it back`,
  },
  {
    text: says(unsupported(/reasoningContent\.reasoningText\.\w+/)),
    correct: (c) => when(c.reasoningReplay === true, { reasoningReplay: 'redacted' }),
    warning: note`the text of earlier reasoning was left out: the model does not take it back`,
  },
  {
    text: says(/This model doesn['\u2019]t support the reasoningContent content block/),
    correct: (c) => when(c.reasoningReplay !== false, { reasoningReplay: false }),
    warning: note`earlier reasoning was left out: the model does not take it back`,
  },
  {
    text: says(/Thinking may not be enabled when tool_choice forces tool use/),
    correct: (c) =>
      when(c.thinkingRefusesForcedTool !== true, { thinkingRefusesForcedTool: true }) ??
      when(c.toolChoice.any || c.toolChoice.tool, { toolChoice: { any: false, tool: false } }),
    warning: note`${field('toolChoice')} became auto: the model cannot be forced to call a tool while it thinks`,
  },
];

/** Only words that are efforts, whatever else a refusal quotes. */
function withEfforts(reasoning: ReasoningStyle, quoted: string): Partial<Capabilities> | undefined {
  const named: string[] = quoted.match(/\w+/g) ?? [];
  const values = efforts.filter((effort) => named.includes(effort));
  if (values.length === 0) return undefined;
  if (reasoning.kind === 'adaptive') {
    const same = reasoning.efforts?.join() === values.join();
    return when(!same, { reasoning: { ...reasoning, efforts: values } });
  }
  if (reasoning.kind !== 'effort' || reasoning.values.join() === values.join()) return undefined;
  return { reasoning: { ...reasoning, values, canDisable: values.includes('none') } };
}
