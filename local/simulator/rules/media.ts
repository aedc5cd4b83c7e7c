import { placedBlocks } from '../converse/request.ts';
import { everyone, noBlock, noField, type Rule } from './rule.ts';

/** Which kinds of media a model takes, and from whom. */
export const mediaRules: Rule[] = [
  {
    name: 'kinds of media',
    binds: everyone,
    breach(request, { family }) {
      const kinds = ['image', 'document', 'video', 'audio'] as const;
      const blocks = placedBlocks(request);
      const kind = kinds.find(
        (each) => !family.media[each] && blocks.some(({ block }) => block[each] !== undefined),
      );
      return kind && noBlock(kind);
    },
  },
  {
    name: 'media come from the user',
    binds: everyone,
    breach(request) {
      const kinds = ['image', 'document', 'video', 'audio'] as const;
      const said = placedBlocks(request).filter(({ role }) => role === 'assistant');
      const kind = kinds.find((each) => said.some(({ block }) => block[each] !== undefined));
      return (
        kind &&
        `This model doesn't support the ${kind} field for assistant messages. Remove ${kind} and try again.`
      );
    },
  },
  {
    name: 'no media from S3',
    binds: (family) => !family.s3Media,
    breach: (request) =>
      placedBlocks(request).some(
        ({ block }) => (block.image ?? block.document ?? block.video ?? block.audio)?.source.s3Location,
      )
        ? noField('s3Uri')
        : undefined,
  },
  {
    name: 'no search results',
    binds: (family) => !family.citations,
    breach: (request) =>
      placedBlocks(request).some(
        ({ block }) =>
          block.searchResult ?? block.toolResult?.content.some(({ searchResult }) => searchResult),
      )
        ? noBlock('searchResult')
        : undefined,
  },
];
