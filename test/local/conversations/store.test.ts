import { readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fileSystem } from '../../../local/atomic-file.ts';
import { formatVersion } from '../../../local/conversations/format.ts';
import { kmsKeys } from '../../../local/conversations/kms.ts';
import { fileNameOf, titleOf } from '../../../local/conversations/new-conversation.ts';
import { passphraseKeys } from '../../../local/conversations/passphrase.ts';
import { Store } from '../../../local/conversations/store.ts';
import { aConversation, newFolder, storeIn } from './support.ts';

const contentOf = (path: string) => JSON.parse(readFileSync(path, 'utf8'));

describe('a conversation that is kept', () => {
  test('is one file, named by its id and its beginning, that only its owner can read', async () => {
    const folder = join(newFolder(), 'deep', 'er');
    const { conversation, path, forked } = await storeIn(folder).save(aConversation());
    expect(path).toBe(join(folder, `${conversation.id}_20261101T000000Z.json`));
    expect(forked).toBe(false);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(readdirSync(folder)).toEqual([fileNameOf(conversation)]);
    expect(contentOf(path)).toMatchObject({
      format: 'bedrock-gateway/conversation',
      version: 1,
      revision: 1,
    });
  });

  test('comes back as it was, members that this version does not know with it', async () => {
    const store = storeIn(newFolder());
    const { conversation } = await store.save({ ...aConversation(), addedLater: { x: [1] } });
    expect(await store.load(conversation.id)).toEqual(conversation);
    expect(await store.load(conversation.id.slice(0, 11))).toEqual(conversation);
    // Wherever they stand.
    const later = structuredClone(conversation) as unknown as { turns: { tokens: object; cost: object }[] };
    for (const turn of later.turns.slice(1)) {
      Object.assign(turn.tokens, { addedLater: 1 });
      Object.assign(turn.cost, { addedLater: 'x' });
    }
    const again = (await store.save(later as unknown as typeof conversation)).conversation;
    expect(await store.load(again.id)).toEqual(again);
    expect(JSON.stringify(again).match(/addedLater/g)).toHaveLength(3);
  });

  test('is there or not, whatever text it holds', async () => {
    const store = storeIn(newFolder());
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), async (text) => {
        const { conversation } = await store.save(aConversation(text));
        expect((await store.load(conversation.id)).turns).toEqual(aConversation(text).turns);
      }),
      { numRuns: 30 },
    );
  });
});

describe('files that cannot be used are named and left alone', () => {
  const folder = newFolder();
  const store = storeIn(folder);
  const good = aConversation();
  const name = (id: string) => `${id}_20261101T000000Z.json`;
  const files: Record<string, [content: string, why: RegExp]> = {
    [name('aaaaaaaaaaa1')]: ['{"format":', /no JSON: it is damaged/],
    [name('aaaaaaaaaaa2')]: ['', /it is empty/],
    [name('aaaaaaaaaaa3')]: ['{"a":1}', /it is no conversation/],
    [name('aaaaaaaaaaa4')]: [
      JSON.stringify({ ...good, id: 'aaaaaaaaaaa4', version: formatVersion + 1 }),
      /it has version 2 of the format, and this program knows 1: update it/,
    ],
    [name('aaaaaaaaaaa5')]: [
      JSON.stringify({ ...good, id: 'aaaaaaaaaaa5', turns: [{ role: 'user', at: 'never' }] }),
      /turns\.0\.at is not what it should be/,
    ],
    [name('aaaaaaaaaaa6')]: [JSON.stringify(good), /its name has another id than its content/],
    'package.json': ['{}', /its name is not that of a conversation/],
  };
  for (const [file, [content]] of Object.entries(files)) writeFileSync(join(folder, file), content);

  test('in a list', async () => {
    const { conversation } = await store.save(good);
    const { listed, skipped } = await store.list();
    expect(listed.map(({ id }) => id)).toEqual([conversation.id]);
    expect(skipped.map((each) => each.name).sort()).toEqual(Object.keys(files).sort());
    for (const { name: file, why } of skipped) expect(why).toMatch(files[file]?.[1] ?? /never/);
  });

  test.each(Object.keys(files).filter((each) => each !== 'package.json'))(
    '%s is not opened',
    async (file) => {
      await expect(store.load(file.slice(0, 12))).rejects.toThrow(files[file]?.[1]);
    },
  );

  test.each(Object.keys(files).filter((each) => each !== 'package.json'))(
    '%s is not overwritten',
    async (file) => {
      const id = file.slice(0, 12);
      const { conversation, forked } = await store.save({ ...good, id });
      expect(forked).toBe(true);
      expect(conversation.id).not.toBe(id);
      expect(readFileSync(join(folder, file), 'utf8')).toBe(files[file]?.[0]);
    },
  );
});

test('no id leads out of the folder', async () => {
  const store = storeIn(newFolder());
  for (const id of ['../../etc/passwd', '', '/', '*', 'ABC', '.']) {
    await expect(store.load(id)).rejects.toThrow('There is no conversation');
    await expect(store.remove(id)).rejects.toThrow('There is no conversation');
  }
});

test('the beginning of several ids is refused', async () => {
  const store = storeIn(newFolder());
  await store.save({ ...aConversation(), id: 'abcabcabcab1' });
  await store.save({ ...aConversation(), id: 'abcabcabcab2' });
  await expect(store.load('abc')).rejects.toThrow('2 conversations begin with abc: give more of its id.');
});

test('two programs at once: whoever comes second keeps what it has in a file of its own', async () => {
  const folder = newFolder();
  const [one, other] = [storeIn(folder), storeIn(folder)];
  const first = (await one.save(aConversation('first'))).conversation;
  const theirs = await other.load(first.id);
  const mine = await one.save({ ...first, title: 'mine' });
  const forked = await other.save({ ...theirs, title: 'theirs' });
  expect(mine.forked).toBe(false);
  expect(forked.forked).toBe(true);
  expect(forked.conversation.id).not.toBe(first.id);
  expect((await one.load(first.id)).title).toBe('mine');
  expect((await one.load(forked.conversation.id)).title).toBe('theirs');
  // From then on each goes its own way.
  expect((await other.save(forked.conversation)).forked).toBe(false);
});

test('many programs at once lose nothing', async () => {
  const folder = newFolder();
  const first = (await storeIn(folder).save(aConversation())).conversation;
  const writers = Array.from({ length: 8 }, (_, i) =>
    storeIn(folder).save({ ...first, title: `writer ${i}` }),
  );
  const saved = await Promise.all(writers);
  expect(saved.filter(({ forked }) => !forked)).toHaveLength(1);
  const { listed, skipped } = await storeIn(folder).list();
  expect(skipped).toEqual([]);
  const titles = listed.map(({ conversation }) => conversation?.title);
  expect(titles.sort()).toEqual(saved.map(({ conversation }) => conversation.title).sort());
});

test('a lock that a program has died with is taken over', async () => {
  const folder = newFolder();
  const store = storeIn(folder);
  const { conversation } = await store.save(aConversation());
  const lock = join(folder, `.${fileNameOf(conversation)}.lock`);
  writeFileSync(lock, '');
  utimesSync(lock, new Date(0), new Date(0));
  expect((await store.save(conversation)).conversation.revision).toBe(2);
  expect(readdirSync(folder)).toEqual([fileNameOf(conversation)]);
});

test('while a key is asked for, nobody waits for it, and what was written meanwhile is not lost', async () => {
  const folder = newFolder();
  const other = storeIn(folder);
  const first = (await other.save(aConversation())).conversation;
  const { promise: answered, resolve: answer } = Promise.withResolvers<string>();
  const asking = new Store({
    folder,
    encryption: 'passphrase',
    keys: {
      passphrase: passphraseKeys({ passphrase: () => answered, work: { N: 2 ** 4, r: 8, p: 1 } }),
      kms: kmsKeys(undefined),
    },
    openListed: false,
  });
  const saving = asking.save({ ...first, title: 'sealed' });
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect((await other.save({ ...first, title: 'meanwhile' })).forked).toBe(false);
  answer('battery');
  expect((await saving).forked).toBe(true);
  expect((await other.load(first.id)).title).toBe('meanwhile');
});

test('a title ends between characters, and is short however long the line', () => {
  const asked = (text: string) => titleOf([{ role: 'user', at: '', content: [{ text }] }]);
  expect(asked('👩‍👩‍👧'.repeat(70))).toBe(`${'👩‍👩‍👧'.repeat(59)}…`);
  expect(asked('漢'.repeat(60))).toBe('漢'.repeat(60));
  expect(asked('x'.repeat(5_000_000))).toBe(`${'x'.repeat(59)}…`);
});

describe('a full disk', () => {
  const failing = (operation: 'writeFile' | 'sync') => ({
    ...fileSystem,
    open: async (...args: Parameters<typeof fileSystem.open>) => {
      const file = await fileSystem.open(...args);
      if (String(args[0]).endsWith('.tmp')) {
        file[operation] = async () => {
          throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
        };
      }
      return file;
    },
  });

  test.each(['writeFile', 'sync'] as const)(
    'at %s: what was there is still there, and nothing else',
    async (at) => {
      const folder = newFolder();
      const { conversation, path } = await storeIn(folder).save(aConversation());
      const before = readFileSync(path, 'utf8');
      const full = storeIn(folder, { fs: failing(at) });
      await expect(full.save({ ...conversation, title: 'longer' })).rejects.toMatchObject({ code: 'ENOSPC' });
      expect(readFileSync(path, 'utf8')).toBe(before);
      expect(readdirSync(folder)).toEqual([fileNameOf(conversation)]);
      // When there is room again, nothing has been lost.
      expect((await storeIn(folder).save({ ...conversation, title: 'longer' })).forked).toBe(false);
    },
  );
});
