import { redactedData, signatureOf } from '../answer/ids.ts';
import { placedBlocks } from '../converse/request.ts';
import { askedThinking } from './claude-asks.ts';
import { anthropic, type Rule } from './rule.ts';

/** Reasoning that comes back must be what the model said, signed. */
export const claudeReplayRules: Rule[] = [
  {
    name: 'signature present',
    binds: anthropic,
    from: 'provider',
    breach(request) {
      const unsigned = placedBlocks(request).find(
        ({ block }) =>
          block.reasoningContent?.reasoningText && !block.reasoningContent.reasoningText.signature,
      );
      return (
        unsigned && `messages.${unsigned.turn}.content.${unsigned.index}.thinking.signature: Field required`
      );
    },
  },
  {
    name: 'signature valid',
    binds: anthropic,
    from: 'provider',
    breach(request) {
      const forged = placedBlocks(request).find(({ block }) => {
        const said = block.reasoningContent?.reasoningText;
        return said && said.signature !== signatureOf(said.text ?? '');
      });
      return (
        forged &&
        `messages.${forged.turn}.content.${forged.index}: Invalid \`signature\` in \`thinking\` block`
      );
    },
  },
  {
    name: 'redacted reasoning is ours',
    binds: anthropic,
    from: 'provider',
    breach(request) {
      const forged = placedBlocks(request).find(({ block }) => {
        const data = block.reasoningContent?.redactedContent;
        return data !== undefined && data !== redactedData;
      });
      return (
        forged &&
        `messages.${forged.turn}.content.${forged.index}: Invalid \`data\` in \`redacted_thinking\` block`
      );
    },
  },
  {
    // Claude thinks once a turn unless it interleaves, so the loop's first message counts (litellm#18926).
    name: 'a tool loop keeps its thinking',
    binds: anthropic,
    from: 'provider',
    breach(request) {
      if (askedThinking(request).type !== 'enabled') return undefined;
      const messages = request.messages ?? [];
      const isResult = ({ content }: (typeof messages)[number]) =>
        content.some(({ toolResult }) => toolResult);
      const asked = messages.findLastIndex((message) => message.role === 'user' && !isResult(message));
      const first = messages.findIndex(({ role }, i) => i > asked && role === 'assistant');
      const content = messages[first]?.content ?? [];
      if (!content.some(({ toolUse }) => toolUse) || content[0]?.reasoningContent) return undefined;
      const found = content[0]?.toolUse ? 'tool_use' : 'text';
      return `messages.${first}.content.0.type: Expected \`thinking\` or \`redacted_thinking\`, but found \`${found}\`. When \`thinking\` is enabled, a final \`assistant\` message must start with a thinking block. We recommend you include thinking blocks from previous turns. To avoid this requirement, disable \`thinking\`.`;
    },
  },
];
