import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { aConversation, newFolder, startKms, storeIn } from './support.ts';

const keyArn = 'arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab';

let kms: Awaited<ReturnType<typeof startKms>>;
beforeAll(async () => {
  kms = await startKms(keyArn);
  vi.stubEnv('AWS_ENDPOINT_URL_KMS', kms.url);
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIATEST');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
});
afterEach(() => {
  kms.state.failWith = undefined;
  kms.state.keyArn = keyArn;
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await kms.close();
});

const kinds = {
  passphrase: { encryption: 'passphrase', passphrase: 'correct horse' },
  kms: { encryption: 'kms', keyArn },
} as const;

describe.each(Object.entries(kinds))('encrypted by %s', (kind, options) => {
  test('nothing of what was said stands in the file, and it comes back', async () => {
    const folder = newFolder();
    const { conversation, path } = await storeIn(folder, options).save(aConversation());
    const text = readFileSync(path, 'utf8');
    for (const said of ['secret', 'nova', 'Be brief', 'AAAA']) expect(text).not.toContain(said);
    expect(JSON.parse(text)).toMatchObject({
      id: conversation.id,
      encryption: { kind, cipher: 'aes-256-gcm' },
    });
    expect(await storeIn(folder, options).load(conversation.id)).toEqual(conversation);
  });

  test('no file is encrypted as another is', async () => {
    const folder = newFolder();
    const store = storeIn(folder, options);
    for (let i = 0; i < 3; i += 1) await store.save(aConversation());
    const files = readdirSync(folder).map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')));
    expect(new Set(files.map(({ encryption }) => encryption.iv)).size).toBe(3);
    expect(new Set(files.map(({ ciphertext }) => ciphertext)).size).toBe(3);
    if (kind === 'kms') expect(new Set(files.map(({ encryption }) => encryption.dataKey)).size).toBe(3);
  });

  test.each(['ciphertext', 'encryption.iv', 'encryption.tag', 'id', 'createdAt', 'updatedAt', 'revision'])(
    'a changed %s is noticed, and the file left alone',
    async (member) => {
      const folder = newFolder();
      const { conversation, path } = await storeIn(folder, options).save(aConversation());
      const file = JSON.parse(readFileSync(path, 'utf8'));
      const [outer = '', inner] = member.split('.');
      const holder = inner ? file[outer] : file;
      holder[inner ?? outer] = changed(holder[inner ?? outer]);
      const tampered = path.replace(conversation.id, file.id);
      writeFileSync(tampered, JSON.stringify(file));
      const before = readFileSync(tampered, 'utf8');
      await expect(storeIn(folder, options).load(file.id)).rejects.toThrow(/the file was changed/);
      expect(readFileSync(tampered, 'utf8')).toBe(before);
    },
  );

  test('a ciphertext cannot be put into another file', async () => {
    const folder = newFolder();
    const store = storeIn(folder, options);
    const [one, other] = [await store.save(aConversation('one')), await store.save(aConversation('other'))];
    const [into, from] = [one.path, other.path].map((path) => JSON.parse(readFileSync(path, 'utf8')));
    writeFileSync(
      one.path,
      JSON.stringify({ ...into, encryption: from.encryption, ciphertext: from.ciphertext }),
    );
    await expect(storeIn(folder, options).load(one.conversation.id)).rejects.toThrow(/the file was changed/);
  });

  test('what was encrypted stays so when nothing is set any more', async () => {
    const folder = newFolder();
    const { conversation, path } = await storeIn(folder, options).save(aConversation());
    const unset = storeIn(folder, { ...options, encryption: undefined });
    await unset.save(await unset.load(conversation.id));
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ revision: 2, encryption: { kind } });
  });

  test('beside plain ones: each is opened as it is, and what was plain is encrypted when it is written again', async () => {
    const folder = newFolder();
    const plain = (await storeIn(folder).save(aConversation('plain'))).conversation;
    const store = storeIn(folder, options);
    const sealed = (await store.save(aConversation('sealed'))).conversation;
    expect((await store.load(plain.id)).title).toBe('plain');
    expect((await store.load(sealed.id)).title).toBe('sealed');
    const { path } = await store.save(await store.load(plain.id));
    expect(readFileSync(path, 'utf8')).not.toContain('plain');
    const { listed, skipped } = await storeIn(folder).list();
    expect(skipped).toEqual([]);
    expect(listed.map(({ encrypted }) => encrypted)).toEqual([kind, kind]);
  });
});

describe('a passphrase', () => {
  test('that is wrong opens nothing, and nothing is written with it beside the others', async () => {
    const folder = newFolder();
    const { conversation } = await storeIn(folder, kinds.passphrase).save(aConversation());
    const wrong = storeIn(folder, { ...kinds.passphrase, passphrase: 'wrong' });
    await expect(wrong.load(conversation.id)).rejects.toThrow(
      'the passphrase is wrong, or the file was changed',
    );
    await expect(wrong.unlock()).rejects.toThrow('does not open the conversations that are there');
    await expect(wrong.save(aConversation())).rejects.toThrow(
      'does not open the conversations that are there',
    );
    expect(readdirSync(folder)).toHaveLength(1);
  });

  test('that nobody can be asked for', async () => {
    const folder = newFolder();
    const { conversation } = await storeIn(folder, kinds.passphrase).save(aConversation());
    const silent = storeIn(folder, { ...kinds.passphrase, passphrase: undefined });
    const words = 'it needs the passphrase: set CONVERSATIONS_PASSPHRASE';
    await expect(silent.load(conversation.id)).rejects.toThrow(words);
    await expect(silent.unlock()).rejects.toThrow(words);
    const { listed } = await silent.list();
    expect(listed).toMatchObject([{ id: conversation.id, encrypted: 'passphrase' }]);
  });

  test('lists open what it opens, and name what it does not', async () => {
    const folder = newFolder();
    await storeIn(folder, kinds.passphrase).save(aConversation('mine'));
    const right = await storeIn(folder, { ...kinds.passphrase, openListed: true }).list();
    expect(right.listed[0]?.conversation?.title).toBe('mine');
    const wrong = await storeIn(folder, {
      ...kinds.passphrase,
      passphrase: 'wrong',
      openListed: true,
    }).list();
    expect(wrong).toMatchObject({
      listed: [],
      skipped: [{ why: expect.stringContaining('the passphrase is wrong') }],
    });
  });

  test('a list makes one key for all files of a folder, be it the right one or not', async () => {
    const folder = newFolder();
    const store = storeIn(folder, kinds.passphrase);
    for (let i = 0; i < 5; i += 1) await store.save(aConversation());
    for (const passphrase of ['correct horse', 'wrong']) {
      const asked: string[] = [];
      const listing = storeIn(folder, { ...kinds.passphrase, passphrase, openListed: true, asked });
      const { listed, skipped } = await listing.list();
      expect(listed.length + skipped.length).toBe(5);
      expect(asked).toHaveLength(1);
    }
  });

  test('a file cannot make this program work without end', async () => {
    const folder = newFolder();
    const { conversation, path } = await storeIn(folder, kinds.passphrase).save(aConversation());
    const file = JSON.parse(readFileSync(path, 'utf8'));
    const harder = {
      ...file,
      encryption: { ...file.encryption, kdf: { ...file.encryption.kdf, N: 2 ** 20, r: 32 } },
    };
    writeFileSync(path, JSON.stringify(harder));
    await expect(storeIn(folder, kinds.passphrase).load(conversation.id)).rejects.toThrow(
      'more work than any file',
    );
  });
});

describe('a key in KMS', () => {
  test.each([
    ['AccessDeniedException', 'these credentials need kms:GenerateDataKey and kms:Decrypt on it'],
    ['DisabledException', 'the key is disabled'],
    ['KMSInvalidStateException', 'the key cannot be used in its state'],
    ['IncorrectKeyException', 'is of another key'],
  ])('%s is told without the account, and nothing is lost', async (name, words) => {
    const folder = newFolder();
    const { conversation, path } = await storeIn(folder, kinds.kms).save(aConversation());
    const before = readFileSync(path, 'utf8');
    kms.state.failWith = name;
    const store = storeIn(folder, kinds.kms);
    const failure = await store.load(conversation.id).catch((error: Error) => error);
    expect(failure).toMatchObject({ message: expect.stringContaining(words) });
    expect((failure as Error).message).not.toContain('123456789012');
    await expect(store.save(conversation)).rejects.toThrow(words);
    expect(readFileSync(path, 'utf8')).toBe(before);
  });

  test('that is not there any more', async () => {
    const folder = newFolder();
    const { conversation } = await storeIn(folder, kinds.kms).save(aConversation());
    kms.state.keyArn = 'arn:aws:kms:us-east-1:123456789012:key/another';
    await expect(storeIn(folder, kinds.kms).load(conversation.id)).rejects.toThrow('the key is not there');
  });

  test('a changed data key is noticed', async () => {
    const folder = newFolder();
    const { conversation, path } = await storeIn(folder, kinds.kms).save(aConversation());
    const file = JSON.parse(readFileSync(path, 'utf8'));
    file.encryption.dataKey = changed(file.encryption.dataKey);
    writeFileSync(path, JSON.stringify(file));
    await expect(storeIn(folder, kinds.kms).load(conversation.id)).rejects.toThrow(
      'InvalidCiphertextException',
    );
  });

  test('is asked once for each file that is written or opened, and for no list', async () => {
    const folder = newFolder();
    kms.state.calls.length = 0;
    const store = storeIn(folder, kinds.kms);
    const { conversation } = await store.save(aConversation());
    await store.list();
    await store.load(conversation.id);
    expect(kms.state.calls).toEqual(['GenerateDataKey', 'Decrypt']);
  });
});

/** Another value of the same form. */
function changed(value: unknown): unknown {
  if (typeof value === 'number') return value + 1;
  const text = String(value);
  if (/^\d{4}-/.test(text)) return text.replace('2026', '2025').replace('2025', '2024');
  return (text[0] === 'a' ? 'b' : 'a') + text.slice(1);
}
