import { readGrace, replaceKey, requireKey, rotateKey } from './change-key.ts';
import { createKey, type KeyDocument, readDocument, revokeKey, writeDocument } from './key-document.ts';
import { KeysError, toldFailure } from './keys-error.ts';
import { none } from './limit-options.ts';
import { listKeys } from './list-keys.ts';
import {
  changedRecord,
  chooseStore,
  type KeysCommand,
  readCommand,
  refuseNone,
  requireName,
  toRecord,
  usage,
  type Values,
} from './options.ts';
import { requireTeam } from './teams.ts';

export interface KeysIo {
  stdout: { write(text: string): unknown };
  stderr: { write(text: string): unknown };
  env: Record<string, string | undefined>;
}

/** `gateway keys …`. Resolves with the exit status: 0 done, 1 could not be done, 2 not understood. */
export async function runKeys(args: string[], io: KeysIo): Promise<number> {
  try {
    await execute(readCommand(args), io);
    return 0;
  } catch (error) {
    io.stderr.write(`${toldFailure(error)}\n`);
    return error instanceof KeysError ? 2 : 1;
  }
}

async function execute({ action, values }: KeysCommand, io: KeysIo): Promise<void> {
  if (action === 'help') {
    io.stdout.write(usage);
    return;
  }
  const store = chooseStore(values, io.env);
  const now = Date.now();
  const name = action === 'list' ? '' : requireName(values);
  if (action === 'list') {
    io.stdout.write(listKeys(readDocument(await store.read()), now));
    return;
  }
  let made: Changed | undefined;
  await store.change((content) => {
    made = change[action]({ document: readDocument(content), name, values, now });
    return writeDocument(made.changed);
  });
  const { key, done } = made!;
  if (key === undefined)
    io.stdout.write(`${done} in ${store.name}. Running gateways notice within API_KEY_TTL_SECONDS.\n`);
  else {
    io.stderr.write(`${done} in ${store.name}. This is its only showing:\n`);
    io.stdout.write(`${key}\n`);
  }
}

interface Asked {
  document: KeyDocument;
  name: string;
  values: Values;
  now: number;
}

interface Changed {
  changed: KeyDocument;
  /** To be shown, once. */
  key?: string;
  done: string;
}

type Change = (asked: Asked) => Changed;

const change: Readonly<Record<'create' | 'update' | 'rotate' | 'revoke', Change>> = {
  create({ document, name, values, now }) {
    refuseNone(values);
    checkTeam(document, values);
    const { document: changed, key } = createKey(document, toRecord(values, now));
    return { changed, key, done: `Created ${name}` };
  },
  update({ document, name, values, now }) {
    checkTeam(document, values);
    const record = changedRecord(requireKey(document, name), values, now);
    return { changed: replaceKey(document, name, record), done: `Updated ${name}` };
  },
  rotate({ document, name, values, now }) {
    const until = now + readGrace(values.grace);
    const { document: changed, key } = rotateKey(document, name, until);
    return {
      changed,
      key,
      done: `Rotated ${name}; the key before opens until ${new Date(until).toISOString()}`,
    };
  },
  revoke: ({ document, name }) => ({ changed: revokeKey(document, name), done: `Revoked ${name}` }),
};

/** A key of a team that is not there would open nothing. */
function checkTeam(document: KeyDocument, { team }: Values): void {
  if (team !== undefined && team !== none) requireTeam(document, team);
}
