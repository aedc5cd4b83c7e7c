import { createKey, KeysError, readDocument, revokeKey, writeDocument } from './key-document.ts';
import { listKeys } from './list-keys.ts';
import { chooseStore, type KeysCommand, readCommand, requireName, toRecord, usage } from './options.ts';

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
    io.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
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
  const content = await store.read();
  const document = readDocument(content);
  if (action === 'list') {
    io.stdout.write(listKeys(document, now));
  } else if (action === 'revoke') {
    await store.write(writeDocument(revokeKey(document, name)));
    io.stdout.write(
      `Revoked ${name} in ${store.name}. Running gateways notice within API_KEY_TTL_SECONDS.\n`,
    );
  } else {
    const created = createKey(document, toRecord(values, now));
    await store.write(writeDocument(created.document));
    io.stderr.write(`Created ${name} in ${store.name}. This is its only showing:\n`);
    io.stdout.write(`${created.key}\n`);
  }
}
