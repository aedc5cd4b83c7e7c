import type { CachePoint, ConverseRequest } from '../converse/request.ts';
import { anthropic, everyone, extraneousKey, noField, nova, type Rule, type RuleContext } from './rule.ts';

/** Where something is to be cached up to here. */
export interface CacheMark {
  ttl?: string;
  path: string;
}

interface Placed extends CachePoint {
  place: 'tools' | 'system' | 'messages';
  path: string;
  /** A JSON pointer to the block. */
  pointer: string;
  /** The block before it in its list. */
  before: Record<string, unknown> | undefined;
}

/** In the order in which they are processed: tools, system, messages. */
export function cachePoints({ toolConfig, system = [], messages = [] }: ConverseRequest): Placed[] {
  const lists: [Placed['place'], string, readonly { cachePoint?: CachePoint }[]][] = [
    ['tools', 'toolConfig.tools', toolConfig?.tools ?? []],
    ['system', 'system', system],
    ...messages.map(({ content }, i): [Placed['place'], string, readonly { cachePoint?: CachePoint }[]] => [
      'messages',
      `messages.${i}.content`,
      content,
    ]),
  ];
  return lists.flatMap(([place, path, blocks]) =>
    blocks.flatMap(({ cachePoint }, i) => {
      if (!cachePoint) return [];
      const at = `${path}.${i}`;
      return [
        {
          ...cachePoint,
          place,
          path: at,
          pointer: `#/${at.replaceAll('.', '/')}`,
          before: blocks[i - 1] as Placed['before'],
        },
      ];
    }),
  );
}

const marksOf = (request: ConverseRequest, { invoke }: RuleContext): readonly CacheMark[] =>
  invoke?.marks ?? cachePoints(request);

const most = 4;

/** Prompt caching. */
export const cachingRules: Rule[] = [
  {
    // Not about permissions, whatever its type says (BerriAI/litellm#39210, live August 2026).
    name: 'no caching',
    binds: (family) => family.caching === undefined,
    exception: 'AccessDeniedException',
    onInvoke: true,
    breach: (request, context) =>
      marksOf(request, context).length > 0
        ? 'You invoked an unsupported model or your request did not allow prompt caching. See the documentation for more information.'
        : undefined,
  },
  {
    name: 'no cache points among Nova’s tools',
    binds: nova,
    from: 'provider',
    breach(request) {
      const misplaced = cachePoints(request).find(({ place }) => place === 'tools');
      return misplaced && extraneousKey(misplaced.pointer, 'cachePoint');
    },
  },
  {
    name: 'no cache point after a tool result on Nova',
    binds: (family) => family.caching?.afterToolResult === false,
    from: 'provider',
    breach(request) {
      const misplaced = cachePoints(request).find(({ before }) => before?.toolResult !== undefined);
      return misplaced && extraneousKey(misplaced.pointer, 'cachePoint');
    },
  },
  {
    name: 'a cache point has something before it',
    binds: everyone,
    breach(request) {
      const first = cachePoints(request).find(({ before }) => before === undefined);
      return (
        first &&
        `The cachePoint block at ${first.path} can't be the first block. Add a block before the cachePoint block and try again.`
      );
    },
  },
  {
    name: 'no cache point after a document or video',
    binds: (family) => family.caching?.afterDocument === false,
    from: 'provider',
    breach(request) {
      const misplaced = cachePoints(request).find(
        ({ before }) => before?.document !== undefined || before?.video !== undefined,
      );
      return misplaced && `${misplaced.path}.type: Field required`;
    },
  },
  {
    // anomalyco/opencode#36517, 0xPlaygrounds/rig#1673.
    name: 'no cache point after reasoning',
    binds: everyone,
    breach: (request) =>
      cachePoints(request).some(({ before }) => before?.reasoningContent !== undefined)
        ? 'Cache point cannot be inserted after reasoning block. Please remove the invalid cache point and try again.'
        : undefined,
  },
  {
    name: 'no ttl',
    binds: (family) => family.caching?.ttl1h === false,
    breach: (request) =>
      cachePoints(request).some(({ ttl }) => ttl !== undefined) ? noField('cachePoint.ttl') : undefined,
  },
  {
    name: 'at most four',
    binds: everyone,
    from: 'provider',
    breach(request, context) {
      const count = marksOf(request, context).length;
      return count > most
        ? `A maximum of ${most} blocks with cache_control may be provided. Found ${count}.`
        : undefined;
    },
  },
  {
    name: 'one hour before five minutes',
    binds: anthropic,
    from: 'provider',
    breach(request, context) {
      const points = marksOf(request, context);
      const firstShort = points.findIndex(({ ttl = '5m' }) => ttl === '5m');
      const late = points.find(({ ttl }, i) => ttl === '1h' && firstShort >= 0 && i > firstShort);
      return (
        late &&
        `${late.path}.cache_control.ttl: a ttl='1h' cache_control block must not come after a ttl='5m' cache_control block. Note that blocks are processed in the following order: \`tools\`, \`system\`, \`messages\`.`
      );
    },
  },
];
