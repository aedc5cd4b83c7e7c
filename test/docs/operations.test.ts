import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { metadataHeaders } from '../../lambda/apis/shared/bedrock-headers.ts';
import { bounds } from '../../lambda/bounds.ts';
import { settingNames } from '../../lambda/config.ts';
import { errorCodes } from '../../lambda/errors.ts';
import { exposedHeaders } from '../../lambda/http/exposed-headers.ts';
import { maxChain } from '../../lambda/policy/chains.ts';
import { readDocument } from '../../local/keys/key-document.ts';
import { everyReason } from '../lambda/policy/failures.ts';

const root = join(import.meta.dirname, '../..');
const docs = readFileSync(join(root, 'docs/operations.md'), 'utf8');
const section = (title: string) => docs.split(/^##? /m).find((part) => part.startsWith(title)) ?? '';
/** The names in the first column of a section's tables. */
const firstColumn = (text: string) =>
  [...text.matchAll(/^\| (`.*?) \|/gm)].flatMap(([, cell = '']) => names(cell));
const names = (cell: string) => [...cell.matchAll(/`([\w-]+)`/g)].map(([, name = '']) => name);

const code = globSync('lambda/**/*.ts', { cwd: root }).map((file) => readFileSync(join(root, file), 'utf8'));
const found = (pattern: RegExp) =>
  new Set(code.flatMap((text) => [...text.matchAll(pattern)].map(([, name = '']) => name)));

describe('docs/operations.md', () => {
  test('has every setting, once, and no other', () => {
    expect(firstColumn(section('Settings')).sort()).toEqual([...settingNames].sort());
  });

  test('has every header that is read, and every one that is sent', () => {
    const documented = new Set(firstColumn(section('Headers')));
    const read = [
      ...[...found(/headers?\.?(?:get)?\('([a-z-]+)'\)/g)].filter((name) => name !== 'content-type'),
      ...metadataHeaders,
    ];
    expect(read.length).toBeGreaterThan(10);
    for (const name of [...read, ...exposedHeaders]) expect([...documented]).toContain(name);
  });

  test('has every other line that the log may have', () => {
    const said = found(/(?:logger\.(?:warn|error)|\breport)\(\s*['`]([^'`$]+)/g);
    expect(said.size).toBeGreaterThan(10);
    for (const message of said) expect(section('Logs')).toContain(message.trim());
  });

  test('has every error code, and no other', () => {
    const rows = [...section('Errors').matchAll(/^\| \d{3} \| (.*?) \|/gm)];
    const documented = rows.flatMap(([, cell = '']) => names(cell));
    expect(documented.sort()).toEqual([...errorCodes].sort());
  });

  test('every code is one that something is refused with', () => {
    const list = /const errorCodes = \[.*?\]/s;
    const unused = errorCodes.filter(
      (each) => !code.some((text) => text.replace(list, '').includes(`'${each}'`)),
    );
    expect(unused).toEqual([]);
  });

  test('has every reason', () => {
    const [, ...table] = section('Errors').split('| Reason |');
    expect(firstColumn(table.join()).sort()).toEqual([...everyReason].sort());
  });

  test('has every field of the record', () => {
    const membersIn = (file: string, name: string) => {
      const source = readFileSync(join(root, 'lambda/accounting', file), 'utf8');
      const [, members = ''] =
        new RegExp(`interface ${name}(?: extends \\w+)? \\{(.*?)^\\}`, 'ms').exec(source) ?? [];
      return [...members.matchAll(/^ {2}(\w+)\??:/gm)].map(([, member]) => member);
    };
    const declared = [...membersIn('record.ts', 'RequestRecord'), ...membersIn('costs.ts', 'Costs')];
    expect(declared.length).toBeGreaterThan(30);
    expect(firstColumn(section('Logs')).sort()).toEqual(declared.sort());
  });

  test('has the bounds of a request', () => {
    const table = section('Bounds of a request');
    const told = [
      ...[bounds.upstreamBytes, bounds.downloadedBytes, bounds.embeddingTokens].map((bytes) =>
        bytes.toLocaleString('en-US'),
      ),
      ...[`${bounds.downloadBytes >> 20} MiB`, `${bounds.stateBytes >> 10} KiB`, `${maxChain} models`],
      ...[bounds.upstreamCalls, bounds.fetchedUrls, bounds.urlCharacters, bounds.fallbacks].map(String),
      ...[bounds.nameCharacters, bounds.callsInOne, bounds.idCharacters].map(String),
    ];
    for (const value of told) expect(table).toContain(value);
  });

  test('has a secret that the gateway can read', () => {
    const [, json = ''] = /```json\n(.*?)```/s.exec(section('Keys')) ?? [];
    expect(() => readDocument(json.replace('…64 hexadecimal digits…', 'a'.repeat(64)))).not.toThrow();
  });

  test('points only to what there is', () => {
    const anchors = [...docs.matchAll(/^##+ (.*)$/gm)].map(([, title = '']) =>
      title
        .toLowerCase()
        .replace(/[^\w\s-]/g, '')
        .replace(/\s/g, '-'),
    );
    for (const [, anchor = ''] of docs.matchAll(/\(#([\w-]+)\)/g)) expect(anchors).toContain(anchor);
  });
});
