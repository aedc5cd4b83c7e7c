import type { Context } from 'hono';
import type { Stem } from '../../batches/keys.ts';
import { isAnthropics } from '../anthropic/asked.ts';
import type { BatchingDeps, ResultFiles } from '../batching/deps.ts';
import { download, isHead } from '../batching/download.ts';
import { idOf, openId, ownerOf } from '../batching/ids.ts';
import { noSuchFile } from '../batching/not-found.ts';
import { numberIn, wordIn } from '../batching/query.ts';
import { badRequest } from '../shared/bad-request.ts';
import type { GatewayEnv } from '../shared/env.ts';
import { gatewayHeaders } from '../shared/gateway-headers.ts';
import { anthropicFile, openAiFile } from './render.ts';
import { purposes, uploadFile } from './upload.ts';

/** Lists of OpenAI's have up to 10,000 files, of Anthropic's up to 1000. */
const mostListed = { openai: 10_000, anthropic: 1000 } as const;
const usuallyListed = { openai: 1000, anthropic: 20 } as const;

/**
 * /files, in OpenAI's form and, for clients that say `anthropic-version`, in Anthropic's
 * (https://platform.openai.com/docs/api-reference/files, https://platform.claude.com/docs/en/api/files-create).
 */
export function createFilesRoutes(deps: BatchingDeps, results: ResultFiles) {
  const { files } = deps.batches;
  const owner = (c: Context<GatewayEnv>) => ownerOf(c.get('stateKey')());
  const idIn = (c: Context<GatewayEnv>) => c.req.param('id') ?? '';
  /** Undefined for what is no upload of this key's. */
  const stemIn = (c: Context<GatewayEnv>): Stem | undefined =>
    openId(idIn(c), ['file'], c.get('stateKey')())?.stem;
  const isResult = (c: Context<GatewayEnv>) =>
    openId(idIn(c), ['output', 'errors'], c.get('stateKey')()) !== undefined;
  const stemOf = (c: Context<GatewayEnv>): Stem => {
    const stem = stemIn(c);
    if (stem === undefined) throw noSuchFile(idIn(c));
    return stem;
  };
  return {
    async create(c: Context<GatewayEnv>): Promise<Response> {
      const anthropics = isForAnthropic(c);
      const { file, ignored } = await uploadFile(c, deps, anthropics ? 'anthropic' : 'openai');
      const id = idOf('file', file.stem, c.get('stateKey')());
      const shown = anthropics ? anthropicFile(id, file) : openAiFile(id, file);
      return c.json(shown, 200, gatewayHeaders({}, { ignored }));
    },
    list: (c: Context<GatewayEnv>): Promise<Response> =>
      isForAnthropic(c) ? listForAnthropic(c, deps) : listForOpenAi(c, deps),
    async show(c: Context<GatewayEnv>): Promise<Response> {
      if (isResult(c)) return results.show(c);
      const file = await files.find(owner(c), stemOf(c));
      if (!file) throw noSuchFile(idIn(c));
      return c.json(isForAnthropic(c) ? anthropicFile(idIn(c), file) : openAiFile(idIn(c), file));
    },
    async content(c: Context<GatewayEnv>): Promise<Response> {
      if (isResult(c)) return results.content(c);
      const stem = stemOf(c);
      const file = await files.find(owner(c), stem);
      const { signal } = c.get('request').lifetime;
      const body = file && (isHead(c) ? [] : await files.open(owner(c), stem, signal));
      if (!file || !body) throw noSuchFile(idIn(c));
      async function* pieces(stream: AsyncIterable<Uint8Array> | readonly Uint8Array[]) {
        yield* stream;
      }
      return download(c, pieces(body), {
        // Never a type that a browser would run: what stands in it is a client's own.
        'content-type': 'application/octet-stream',
        'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(file.filename.toWellFormed())}`,
        'x-content-type-options': 'nosniff',
      });
    },
    async remove(c: Context<GatewayEnv>): Promise<Response> {
      if (isResult(c)) return results.remove(c);
      if (!(await files.remove(owner(c), stemOf(c)))) throw noSuchFile(idIn(c));
      const id = idIn(c);
      return c.json(isForAnthropic(c) ? { id, type: 'file_deleted' } : { id, object: 'file', deleted: true });
    },
  };
}

const isForAnthropic = (c: Context<GatewayEnv>): boolean => isAnthropics(c.req.path, c.req.raw.headers);

async function listForOpenAi(c: Context<GatewayEnv>, { batches }: BatchingDeps): Promise<Response> {
  const key = c.get('stateKey')();
  const after = cursorIn(c, 'after');
  const { files, hasMore } = await batches.files.list(ownerOf(key), {
    after,
    limit: numberIn(c, 'limit', { most: mostListed.openai, usual: usuallyListed.openai }),
    order: wordIn(c, 'order', ['asc', 'desc']) ?? 'desc',
    purpose: wordIn(c, 'purpose', purposes),
  });
  const data = files.map((file) => openAiFile(idOf('file', file.stem, key), file));
  const ends = { first_id: data[0]?.id ?? null, last_id: data.at(-1)?.id ?? null };
  return c.json({ object: 'list', data, ...ends, has_more: hasMore });
}

async function listForAnthropic(c: Context<GatewayEnv>, { batches }: BatchingDeps): Promise<Response> {
  const key = c.get('stateKey')();
  const limit = numberIn(c, 'limit', { most: mostListed.anthropic, usual: usuallyListed.anthropic });
  if (c.req.query('before_id') && c.req.query('after_id'))
    throw badRequest('before_id: it cannot be used beside after_id', 'before_id');
  const before = cursorIn(c, 'before_id');
  const order = before === undefined ? 'desc' : 'asc';
  const after = before ?? cursorIn(c, 'after_id');
  const { files, hasMore } = await batches.files.list(ownerOf(key), { after, limit, order });
  const newestFirst = order === 'desc' ? files : files.toReversed();
  const data = newestFirst.map((file) => anthropicFile(idOf('file', file.stem, key), file));
  return c.json({ data, has_more: hasMore, first_id: data[0]?.id ?? null, last_id: data.at(-1)?.id ?? null });
}

/** The file that a page begins beyond. Throws a 404 for what is none of this key's. */
function cursorIn(c: Context<GatewayEnv>, name: string): Stem | undefined {
  const id = c.req.query(name);
  if (id === undefined || id === '') return undefined;
  const stem = openId(id, ['file'], c.get('stateKey')())?.stem;
  if (stem === undefined) throw noSuchFile(id);
  return stem;
}
