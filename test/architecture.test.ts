import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';

/**
 * Imports point one way: from what is nearer to the client down to Bedrock, and from everything to the shared
 * ground (canonical shape, errors, settings, logs). A room is a folder of lambda/ or a file beside them. What
 * a room may import is listed with it; a type may also come from a room that is only named for its types.
 */
interface Room {
  uses: readonly string[];
  types?: readonly string[];
}

const ground = [
  'canonical',
  'streams',
  'errors',
  'bounds',
  'config',
  'telemetry',
  'settles-within',
  'once',
  'docs',
];

const rooms: Record<string, Room> = {
  handler: { uses: ['gateway', 'apis', 'runtime', ...ground] },
  gateway: {
    uses: [
      'http',
      'model-parts',
      'apis',
      'auth',
      'engine',
      'models',
      'policy',
      'backends',
      'bedrock',
      'remote-media',
      ...ground,
    ],
  },
  'model-parts': { uses: ['models', 'discovery', ...ground], types: ['bedrock'] },
  /** What of it asks AWS. */
  discovery: { uses: ['models', 'bedrock', ...ground] },
  runtime: { uses: ground, types: ['apis'] },
  http: { uses: ['auth', ...ground], types: ['apis'] },
  apis: { uses: ['models', 'web', 'settings', ...ground], types: ['engine', 'auth', 'backends'] },
  engine: { uses: ['fit', 'policy', 'models', 'auth', 'backends', ...ground] },
  fit: { uses: ['models', ...ground] },
  policy: { uses: ['models', ...ground] },
  models: { uses: ['backends', 'bedrock', ...ground], types: ['policy'] },
  /** What was spent. It stands between the engine and the backends. */
  accounting: { uses: ground, types: ['backends'] },
  backends: { uses: ground, types: ['models', 'bedrock'] },
  /** Everything that speaks to AWS; part of it stands in the bundle for packages of the SDK. */
  bedrock: { uses: ground, types: ['backends'] },
  /** Stands in the bundle for Node's fetch classes. */
  web: { uses: ['streams'] },
  auth: { uses: ground, types: ['backends'] },
  'remote-media': { uses: ground },
  telemetry: { uses: [] },
  canonical: { uses: ['streams', 'errors', 'bounds'] },
  streams: { uses: [], types: ['canonical'] },
  errors: { uses: [] },
  config: { uses: ['settings'] },
  /** What may be set, for the function, the stack and the documentation. */
  settings: { uses: ['docs'] },
  bounds: { uses: ['errors'] },
  'settles-within': { uses: [] },
  once: { uses: [] },
  docs: { uses: [] },
};

interface Import {
  file: string;
  target: string;
  typeOnly: boolean;
}

const root = join(import.meta.dirname, '..', 'lambda');
const files = globSync('**/*.ts', { cwd: root });
const sources = new Map(files.map((file) => [file, readFileSync(join(root, file), 'utf8')]));
const imports = files.flatMap((file) => importsOf(file, sources.get(file) ?? ''));
const roomOf = (file: string) => file.split('/')[0]?.replace(/\.ts$/, '') ?? '';

function importsOf(file: string, source: string): Import[] {
  const found: Import[] = [];
  const statement = /^(import|export)\s+(type\s+)?([^;'"]*?)from\s+'(\.[^']+)'|import\(\s*'(\.[^']+)'\s*\)/gm;
  for (const [, , type, names = '', from, dynamic] of source.matchAll(statement)) {
    const path = from ?? dynamic ?? '';
    const onlyTypes =
      /^\s*\{/.test(names) &&
      names
        .replace(/[{}\s]/g, '')
        .split(',')
        .filter(Boolean).length > 0 &&
      names
        .replace(/[{}]/g, '')
        .split(',')
        .filter((name) => name.trim() !== '')
        .every((name) => name.trim().startsWith('type '));
    found.push({
      file,
      target: relative(root, join(root, dirname(file), path)),
      typeOnly: type !== undefined || onlyTypes,
    });
  }
  return found;
}

describe('the house', () => {
  test('every file is in a room that is listed', () => {
    expect([...new Set(files.map(roomOf))].filter((room) => !(room in rooms))).toEqual([]);
    expect(imports.length).toBeGreaterThan(300);
  });

  test('imports point one way', () => {
    const wrong = imports.filter(({ file, target, typeOnly }) => {
      const [from, to] = [roomOf(file), roomOf(target)];
      if (from === to) return false;
      const room = rooms[from];
      return !(room?.uses.includes(to) || (typeOnly && room?.types?.includes(to)));
    });
    expect(
      wrong.map(({ file, target, typeOnly }) => `${file} → ${target}${typeOnly ? ' (type)' : ''}`),
    ).toEqual([]);
  });

  test('translation and fitting are pure: no clock, no chance, no files, no network', () => {
    const impure =
      /\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\bsetTimeout\b|\bsetInterval\b|\bprocess\.|'node:(fs|http|https|net|dns|os|child_process|timers)|\brandomUUID\b|\brandomBytes\b|\bfetch\(/;
    const found = files.filter(
      (file) => /^(apis|fit|canonical)\//.test(file) && impure.test(sources.get(file) ?? ''),
    );
    expect(found).toEqual([]);
  });

  test('nothing of AWS above the backends and the keys’ source', () => {
    const found = files.filter(
      (file) =>
        /'@(aws-sdk|smithy)\//.test(sources.get(file) ?? '') &&
        !/^(bedrock|backends|auth\/secrets-manager)/.test(file),
    );
    expect(found).toEqual([]);
  });

  test('files stay small', () => {
    const long = files.filter((file) => (sources.get(file)?.split('\n').length ?? 0) > 300);
    expect(long).toEqual([]);
  });
});
