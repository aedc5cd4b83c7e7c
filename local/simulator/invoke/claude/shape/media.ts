import type { Allowance } from '../allowance.ts';
import {
  anything,
  boolean,
  type Check,
  list,
  literal,
  model,
  optional,
  string,
  tagged,
  textOr,
} from './pydantic.ts';

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
export const textBlock = (allowance: Allowance): Check => model(textMembers(allowance), 'text');

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
export function media(allowance: Allowance): Record<string, Check> {
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
