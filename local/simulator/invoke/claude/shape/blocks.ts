import { type Allowance, asksFor, hasToolsets } from '../allowance.ts';
import {
  anything,
  boolean,
  type Check,
  dictionary,
  list,
  literal,
  model,
  optional,
  string,
  tagged,
  textOr,
} from './pydantic.ts';

const toolName = string({ pattern: /^[a-zA-Z0-9_-]{1,128}$/ });
const toolUseId = string({ pattern: /^[a-zA-Z0-9_-]+$/ });
const citations = optional(model({ enabled: boolean }));

/** `ttl` where the model has more than five minutes. `scope` is Anthropic's own API's. */
export const cacheControl = ({ family }: Allowance): Check =>
  optional(
    tagged({ ephemeral: model({ ttl: family.caching?.ttl1h === false ? undefined : literal('5m', '1h') }) }),
  );

const textMembers = (allowance: Allowance): Record<string, Check> => ({
  text: string(),
  cache_control: cacheControl(allowance),
  citations: optional(list(anything)),
});
const textBlock = (allowance: Allowance): Check => model(textMembers(allowance), 'text');

/** A system prompt holds texts and nothing else, so that their type is no part of a path (quoted). */
export const systemBlocks = (allowance: Allowance): Check =>
  list(model({ type: literal('text'), ...textMembers(allowance) }, 'type', 'text'));

/** URLs and files are what Anthropic's own API fetches (AWS, "Anthropic Claude Messages API"). */
const imageSource = tagged({
  base64: model(
    { media_type: literal('image/jpeg', 'image/png', 'image/gif', 'image/webp'), data: string() },
    'media_type',
    'data',
  ),
});

const documentSource = (text: Check): Check =>
  tagged({
    base64: model({ media_type: literal('application/pdf'), data: string() }, 'media_type', 'data'),
    text: model({ media_type: literal('text/plain'), data: string() }, 'media_type', 'data'),
    content: model(
      { content: textOr(list(tagged({ text, image: model({ source: imageSource }, 'source') }))) },
      'content',
    ),
  });

/** What both a message and a tool result may hold. */
function media(allowance: Allowance): Record<string, Check> {
  const { family } = allowance;
  const text = textBlock(allowance);
  const cache_control = cacheControl(allowance);
  return {
    text,
    ...(family.media.image && { image: model({ source: imageSource, cache_control }, 'source') }),
    ...(family.media.document && {
      document: model(
        {
          source: documentSource(text),
          title: optional(string()),
          context: optional(string()),
          citations,
          cache_control,
        },
        'source',
      ),
    }),
    // Anthropic, "Search results": Claude 3.5 Haiku and later models.
    ...(family.caching && {
      search_result: model(
        {
          source: string(),
          title: string(),
          content: list(tagged({ text })),
          citations,
          cache_control,
        },
        'source',
        'title',
        'content',
      ),
    }),
  };
}

function resultBlocks(allowance: Allowance): Check {
  return tagged({
    ...media(allowance),
    ...(asksFor(allowance, 'tool-search-tool') && {
      tool_reference: model({ tool_name: string(), cache_control: cacheControl(allowance) }, 'tool_name'),
    }),
    ...(hasToolsets(allowance) && { browser_state: dictionary }),
  });
}

/** The blocks of a user's or an assistant's message. */
export function contentBlocks(allowance: Allowance): Check {
  const cache_control = cacheControl(allowance);
  const call = { id: toolUseId, name: toolName, input: dictionary };
  return list(
    tagged({
      ...media(allowance),
      thinking: model({ thinking: string(), signature: string() }, 'thinking', 'signature'),
      redacted_thinking: model({ data: string() }, 'data'),
      tool_use: model(
        { ...call, cache_control, caller: optional(dictionary), toolset_name: optional(string()) },
        'id',
        'name',
        'input',
      ),
      tool_result: model(
        {
          tool_use_id: toolUseId,
          content: textOr(list(resultBlocks(allowance))),
          is_error: boolean,
          cache_control,
        },
        'tool_use_id',
      ),
      ...(asksFor(allowance, 'tool-search-tool') && {
        server_tool_use: model(
          { ...call, cache_control, caller: optional(dictionary) },
          'id',
          'name',
          'input',
        ),
        tool_search_tool_result: model(
          { tool_use_id: toolUseId, content: dictionary, cache_control },
          'tool_use_id',
          'content',
        ),
      }),
      ...(asksFor(allowance, 'compact-') && {
        compaction: model({ content: optional(string()), cache_control }),
      }),
    }),
  );
}

/** The blocks of a message of role `system`. */
export function instructionBlocks(allowance: Allowance): Check {
  return list(
    tagged({
      text: textBlock(allowance),
      ...(asksFor(allowance, 'mid-conversation-tool-changes') && {
        tool_addition: dictionary,
        tool_removal: dictionary,
      }),
      ...(asksFor(allowance, 'inline-tools') && { tool_definition: dictionary }),
    }),
  );
}
