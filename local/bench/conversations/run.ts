import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Conversation } from '../../conversations/format.ts';
import { listLines } from '../../conversations/lines.ts';
import { fileNameOf, newConversation } from '../../conversations/new-conversation.ts';
import { openStore } from '../../conversations/open-store.ts';
import { median } from '../statistics.ts';

/** `npm run bench:conversations`: how long a list of many conversations takes, with every file read and checked. */

const files = 1000;
const exchanges = 10;
const rounds = 7;
/** Characters of an answer. */
const answer = 'A river is a natural stream of fresh water that flows on land. '.repeat(12);

const folder = mkdtempSync(join(tmpdir(), 'bench-conversations-'));
try {
  let bytes = 0;
  for (let i = 0; i < files; i += 1) {
    const conversation = aConversation(i);
    const text = `${JSON.stringify(conversation)}\n`;
    bytes += text.length;
    writeFileSync(join(folder, fileNameOf(conversation)), text);
  }
  const taken: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const began = performance.now();
    // As the command does it, with a store that has seen nothing yet.
    const store = openStore(
      { 'conversations.folder': folder },
      { stdout: process.stdout, stderr: process.stderr, env: {} },
    );
    const { listed } = await store.list();
    const lines = listLines(listed).split('\n').length - 2;
    if (lines !== files) throw new Error(`${lines} of ${files} are listed`);
    taken.push(performance.now() - began);
  }
  const kb = Math.round(bytes / files / 1000);
  process.stdout.write(
    `${files} conversations of ${exchanges * 2} turns (${kb} KB) listed in ${Math.round(median(taken))} ms, the slowest of ${rounds} in ${Math.round(Math.max(...taken))} ms\n`,
  );
} finally {
  rmSync(folder, { recursive: true });
}

function aConversation(i: number): Conversation {
  const now = Date.UTC(2026, 0, 1) + i * 60_000;
  const at = new Date(now).toISOString();
  const model = 'us.amazon.nova-lite-v1:0';
  return {
    ...newConversation(model, {}, now),
    title: `Question ${i}`,
    turns: Array.from({ length: exchanges }, () => [
      { role: 'user' as const, at, content: [{ text: 'What is a river?' }] },
      {
        role: 'assistant' as const,
        at,
        content: [{ text: answer }],
        model: { asked: model, used: model, region: 'us-east-1' },
        stopReason: 'end_turn',
        tokens: { input: 10, output: 200, cacheRead: 0, cacheWrite: 0, cacheWriteLong: 0 },
        cost: { usd: '0.0000486' },
      },
    ]).flat(),
  };
}
