import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { fileSystem } from '../../../local/atomic-file.ts';
import { textOf } from '../../../local/chat/answer.ts';
import { Session } from '../../../local/chat/session.ts';
import { showTotal, totalsOf } from '../../../local/conversations/money.ts';
import { newFolder, storeIn } from '../conversations/support.ts';
import { type Script, scriptedConnection } from './scripted-connection.ts';

const signal = new AbortController().signal;

function sessionOf(script: Script[], store = storeIn(newFolder())) {
  const told: string[] = [];
  const connection = scriptedConnection(...script);
  const session = new Session({
    connection,
    store,
    model: 'amazon.nova-lite-v1:0',
    settings: { system: 'Be brief.' },
    showReasoning: true,
    goesOn: true,
    person: { tell: (text) => void told.push(text), ask: async () => undefined },
  });
  const texts = () => session.conversation.turns.map(({ content }) => textOf(content));
  return { session, connection, told, texts, store };
}

test('every question has the conversation before it, and every turn is in the file', async () => {
  const { session, connection, store, texts } = sessionOf([{ say: 'One.' }, { say: 'Two.' }]);
  await session.ask('First?', signal);
  await session.ask('Second?', signal);
  expect(texts()).toEqual(['First?', 'One.', 'Second?', 'Two.']);
  expect(connection.questions[1]?.turns.map(({ content }) => textOf(content))).toEqual([
    'First?',
    'One.',
    'Second?',
  ]);
  expect(connection.questions[1]?.settings).toEqual({ system: 'Be brief.' });
  expect(await store.load(session.conversation.id)).toEqual(session.conversation);
  expect(session.conversation).toMatchObject({ title: 'First?', revision: 2 });
});

test('what is attached goes with one question', async () => {
  const { session, connection } = sessionOf([{ say: 'One.' }, { say: 'Two.' }]);
  session.attached = [{ image: { format: 'png', source: { bytes: 'AAAA' } } }];
  await session.ask('What is it?', signal);
  await session.ask('And?', signal);
  expect(connection.questions[1]?.turns.map(({ content }) => content.length)).toEqual([2, 1, 1]);
});

describe('a question that was refused', () => {
  test('is no turn, and can be asked again', async () => {
    const { session, texts, connection } = sessionOf([{ refuse: 'busy' }, { say: 'One.' }]);
    session.attached = [{ image: { format: 'png', source: { bytes: 'AAAA' } } }];
    await expect(session.ask('First?', signal)).rejects.toThrow('busy');
    expect(texts()).toEqual([]);
    await session.retry(signal);
    expect(texts()).toEqual(['First?', 'One.']);
    expect(connection.questions[1]?.turns).toEqual(connection.questions[0]?.turns);
  });

  test('is forgotten by /undo alone', async () => {
    const { session, texts } = sessionOf([{ say: 'One.' }, { refuse: 'busy' }]);
    await session.ask('First?', signal);
    await expect(session.ask('Second?', signal)).rejects.toThrow('busy');
    expect(await session.undo()).toBe(true);
    expect(texts()).toEqual(['First?', 'One.']);
  });
});

test('an answer that breaks off keeps what came, and is asked again in its place', async () => {
  const { session, texts } = sessionOf([{ say: 'Half', breakOff: true }, { say: 'Whole.' }]);
  const answer = await session.ask('First?', signal);
  expect(answer).toMatchObject({ ending: 'failed', error: { message: 'Rate limit reached.' } });
  expect(texts()).toEqual(['First?', 'Half']);
  expect(session.conversation.turns[1]).toMatchObject({ stopReason: 'failed', estimated: true });
  await session.retry(signal);
  expect(texts()).toEqual(['First?', 'Whole.']);
});

test('answers that were taken back have been paid for; what is not known is no 0', async () => {
  const { session, texts, store } = sessionOf([
    { say: 'A', usd: '0.0000018' },
    { say: 'B', usd: '0.25' },
    { say: 'C' },
  ]);
  expect(showTotal(totalsOf(session.conversation))).toBe('nothing yet');
  await session.ask('First?', signal);
  await session.retry(signal);
  expect(texts()).toEqual(['First?', 'B']);
  expect(totalsOf(session.conversation)).toMatchObject({
    usd: '0.2500018',
    unpriced: 0,
    answers: 2,
    input: 20,
  });
  await session.ask('Second?', signal);
  expect(showTotal(totalsOf(session.conversation))).toBe('$0.2500 and 1 of 3 answers of unknown cost');
  expect(await session.undo()).toBe(true);
  expect(await session.undo()).toBe(true);
  expect(await session.undo()).toBe(false);
  expect(session.retry(signal)).toBeUndefined();
  const kept = await store.load(session.conversation.id);
  expect(totalsOf(kept)).toMatchObject({ usd: '0.2500018', unpriced: 1, answers: 3 });
  expect(JSON.stringify(kept.dropped)).not.toMatch(/"text"/);
});

test('a new conversation leaves the other in its file', async () => {
  const { session, store, texts } = sessionOf([{ say: 'One.' }, { say: 'Two.' }]);
  await session.ask('First?', signal);
  const before = session.conversation;
  session.clear();
  expect(texts()).toEqual([]);
  await session.ask('Second?', signal);
  expect(session.conversation.id).not.toBe(before.id);
  expect(await store.load(before.id)).toEqual(before);
});

test('a disk that is full for a while: it is said, and the next turn that can be written has everything', async () => {
  let full = true;
  const open: typeof fileSystem.open = async (...args) => {
    if (full && String(args[0]).endsWith('.tmp'))
      throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
    return fileSystem.open(...args);
  };
  const store = storeIn(newFolder(), { fs: { ...fileSystem, open } });
  const { session, told, texts } = sessionOf([{ say: 'One.' }, { say: 'Two.' }], store);
  await session.ask('First?', signal);
  expect(told).toEqual([
    'The conversation could not be kept: the disk is full. What was said since is only here.',
  ]);
  full = false;
  await session.ask('Second?', signal);
  expect(told).toHaveLength(1);
  expect((await store.load(session.conversation.id)).turns.map(({ content }) => textOf(content))).toEqual(
    texts(),
  );
});

test('another program that went on with it: it is said, and both are kept', async () => {
  const folder = newFolder();
  const { session, told } = sessionOf([{ say: 'One.' }, { say: 'Two.' }], storeIn(folder));
  await session.ask('First?', signal);
  const { id } = session.conversation;
  const other = storeIn(folder);
  const theirs = await other.save({ ...(await other.load(id)), title: 'theirs' });
  await session.ask('Second?', signal);
  expect(told).toEqual([
    `Another program has changed this conversation: from here on it is kept as ${session.conversation.id}.`,
  ]);
  expect(JSON.parse(readFileSync(theirs.path, 'utf8')).title).toBe('theirs');
});

test('a question that is asked again and not answered loses nothing', async () => {
  const { session, store, texts } = sessionOf([{ say: 'One.' }, { refuse: 'busy' }, { say: 'Two.' }]);
  await session.ask('First?', signal);
  await expect(session.retry(signal)).rejects.toThrow('busy');
  expect(texts()).toEqual(['First?', 'One.']);
  await session.ask('Second?', signal);
  const kept = await store.load(session.conversation.id);
  expect(kept.turns.map(({ content }) => textOf(content))).toEqual(['First?', 'One.', 'Second?', 'Two.']);
});

test('what is taken back after that is taken back in the file', async () => {
  const { session, store } = sessionOf([{ say: 'One.' }, { refuse: 'busy' }]);
  await session.ask('First?', signal);
  await expect(session.retry(signal)).rejects.toThrow('busy');
  expect(await session.undo()).toBe(true);
  expect((await store.load(session.conversation.id)).turns).toEqual([]);
});
