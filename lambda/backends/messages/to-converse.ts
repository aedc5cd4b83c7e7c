import { isObject, list, members, text } from '../../canonical/json.ts';
import type { NativeAnswer } from '../../canonical/native.ts';
import type { ContentBlock, ConverseAnswer, Json } from '../../canonical/types.ts';

/** A whole message of Claude's as Converse would have answered it: the way back of `from-converse.ts`. */
export function converseAnswer({ body, stopReason, usage, serviceTier }: NativeAnswer): ConverseAnswer {
  return {
    output: { message: { role: 'assistant', content: list(body.content).flatMap(blockOf) } },
    stopReason,
    usage,
    ...(serviceTier && { serviceTier }),
  };
}

function blockOf(block: Readonly<Record<string, unknown>>): ContentBlock[] {
  switch (block.type) {
    case 'text':
      return [{ text: text(block.text) ?? '' }];
    case 'tool_use': {
      const input = isObject(block.input) ? (block.input as Json) : {};
      return [{ toolUse: { toolUseId: text(block.id) ?? '', name: text(block.name) ?? '', input } }];
    }
    case 'thinking': {
      const { thinking, signature } = members(block);
      return [
        {
          reasoningContent: {
            reasoningText: {
              text: text(thinking) ?? '',
              ...(typeof signature === 'string' && { signature }),
            },
          },
        },
      ];
    }
    case 'redacted_thinking':
      return [{ reasoningContent: { redactedContent: text(block.data) ?? '' } }];
    default:
      return [];
  }
}
