import type { ContentBlock, Message, ToolConfig } from '../canonical/types.ts';

/**
 * Messages with the content that `change` makes of theirs. Most steps have nothing to do for most of a long
 * history: a message whose list comes back as it was stays the same object.
 */
export function mapContent(
  messages: readonly Message[],
  change: (content: ContentBlock[]) => ContentBlock[],
): Message[] {
  return messages.map((message) => {
    const content = change(message.content);
    return content === message.content ? message : { role: message.role, content };
  });
}

/** The names of the tools that a request declares. */
export const declaredNames = (config: ToolConfig | undefined): string[] =>
  (config?.tools ?? []).flatMap((tool) => ('toolSpec' in tool ? [tool.toolSpec.name] : []));
