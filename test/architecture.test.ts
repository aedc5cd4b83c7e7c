import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fieldNames, otherNames } from '../lambda/apis/chat-completions/field-names.ts';

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
  'aws',
  'canonical',
  'streams',
  'errors',
  'fields',
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
      'routes',
      'model-parts',
      'serving-parts',
      'apis',
      'auth',
      'engine',
      'accounting',
      'models',
      'policy',
      'backends',
      'bedrock',
      'backend-parts',
      'limit-parts',
      'record-parts',
      'admin-parts',
      ...ground,
    ],
  },
  /** Every path, and what answers there. */
  routes: {
    uses: ['apis', 'route-parts', 'responses-parts', 'batch-parts', ...ground],
    types: ['admin-parts', 'record-parts', 'bedrock'],
  },
  'serving-parts': {
    uses: ['apis', 'remote-media', 'technique-parts', ...ground],
    types: ['engine', 'models', 'policy'],
  },
  'backend-parts': { uses: ['accounting', 'backends', 'bedrock', ...ground], types: ['engine'] },
  /** What is loaded after the last byte. */
  'record-parts': { uses: ['accounting', 'prices', ...ground] },
  'route-parts': {
    uses: ['apis', 'engine', 'accounting', 'models', 'backends', ...ground],
    types: ['policy', 'bedrock'],
  },
  'batch-parts': {
    uses: ['apis', 'batches', 'engine', 'bedrock', ...ground],
    types: ['models', 'policy'],
  },
  'technique-parts': {
    uses: ['engine', 'models', 'remote-media', 'sandbox', 'personal-data', ...ground],
    types: ['apis', 'policy'],
  },
  'responses-parts': { uses: ['apis', 'stored-parts', ...ground], types: ['policy'] },
  'stored-parts': { uses: ['apis', 'store', ...ground], types: ['policy'] },
  'limit-parts': {
    uses: ['apis', 'limits', 'store', 'prices', ...ground],
    types: ['accounting', 'engine', 'policy'],
  },
  'personal-data': { uses: ['techniques', 'bedrock', ...ground], types: ['backends'] },
  'model-parts': { uses: ['models', 'discovery', ...ground], types: ['bedrock'] },
  /** What of it asks AWS. */
  discovery: { uses: ['models', 'bedrock', ...ground] },
  /** The usage page and the usage API, loaded when somebody asks for one. */
  'admin-parts': {
    uses: ['admin', 'apis', 'auth', 'limits', 'models', 'prices', 'store', ...ground],
    types: ['policy'],
  },
  admin: { uses: ['auth', 'limits', 'store', ...ground], types: ['apis', 'prices'] },
  runtime: { uses: ground, types: ['apis'] },
  http: { uses: ['auth', 'accounting', ...ground], types: ['apis', 'engine'] },
  apis: {
    uses: ['techniques', 'batches', 'models', 'web', 'settings', ...ground],
    types: ['engine', 'auth', 'backends', 'accounting', 'prices', 'limits'],
  },
  techniques: {
    uses: ['models', 'policy', 'accounting', 'settings', ...ground],
    types: ['engine', 'auth'],
  },
  /** Objects in the bucket, and the jobs that are made of them. */
  batches: { uses: ['engine', 'models', 'backends', 'bedrock', ...ground], types: ['accounting', 'auth'] },
  engine: { uses: ['fit', 'policy', 'models', 'auth', 'backends', ...ground], types: ['accounting'] },
  fit: { uses: ['models', ...ground] },
  policy: { uses: ['models', ...ground], types: ['accounting'] },
  models: { uses: ['backends', 'bedrock', 'settings', ...ground], types: ['policy'] },
  /** What was spent. It stands between the engine and the backends, and leaves the one line in the log. */
  accounting: { uses: ['prices', ...ground], types: ['backends', 'models'] },
  /** What it cost. */
  prices: { uses: ['models', ...ground], types: ['accounting'] },
  /** Who may use how much. */
  limits: { uses: ['accounting', 'store', ...ground], types: ['auth', 'models', 'prices'] },
  /** The table that counts. */
  store: { uses: ['bedrock', ...ground] },
  backends: { uses: ground, types: ['models', 'bedrock'] },
  /** Everything that speaks to AWS; part of it stands in the bundle for packages of the SDK. */
  bedrock: { uses: ground, types: ['backends'] },
  /** Stands in the bundle for Node's fetch classes. */
  web: { uses: ['streams'] },
  auth: { uses: ['settings', ...ground], types: ['backends'] },
  'remote-media': { uses: ground },
  /** Where what a model has written is run. */
  sandbox: { uses: ground },
  telemetry: { uses: [] },
  /** Names and limits that AWS gives. */
  aws: { uses: [] },
  canonical: { uses: ['streams', 'errors', 'bounds', 'aws'] },
  streams: { uses: [], types: ['canonical'] },
  errors: { uses: ['fields'] },
  /** What a request can say, by the gateway's own names. */
  fields: { uses: [] },
  config: { uses: ['settings'] },
  /** What may be set, for the function, the stack and the documentation. */
  settings: { uses: ['aws', 'docs'] },
  bounds: { uses: ['errors', 'fields'] },
  'settles-within': { uses: [] },
  once: { uses: [] },
  docs: { uses: [] },
};

/**
 * The rooms of `apis/`: those that APIs share, and what each of them may import of the others. Every other folder is
 * one API; it may use all of these, and no other API.
 */
const sharedApiRooms: Record<string, readonly string[]> = {
  shared: [],
  content: ['shared'],
  reasoning: ['shared'],
  batching: ['shared', 'reasoning'],
  anthropic: ['shared', 'content', 'reasoning'],
  openai: ['shared', 'content', 'reasoning'],
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

const page = readFileSync(join(root, '../docs/architecture.md'), 'utf8');

/** The rows of a marked part of docs/architecture.md: each room, what it imports, and what it takes types of. */
function documented(mark: string): [room: string, uses: string[], types: string[]][] {
  const [, part = ''] = new RegExp(`<!-- ${mark}:.*?-->\n(.*?)<!-- end -->`, 's').exec(page) ?? [];
  const names = (cell = '') => [...cell.matchAll(/`([\w-]+)`/g)].map(([, name = '']) => name);
  return [...part.matchAll(/^\| (`.*?`) \|.*\| (.*?) \|$/gm)].flatMap(([, first, arrows = '']) => {
    const [uses, types] = arrows.split('types of ');
    const all = arrows === 'all of these' ? ['*'] : names(uses);
    return names(first).map((room): [string, string[], string[]] => [room, all, names(types)]);
  });
}

/** The folder of `apis/` that a file is in; undefined for files elsewhere, and for those that are in none. */
function apiRoomOf(file: string): string | undefined {
  return /^apis\/([^/]+)\//.exec(file)?.[1];
}

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

  test('no API folder imports another API folder', () => {
    const wrong = imports.flatMap(({ file, target }) => {
      const [from, to] = [apiRoomOf(file), apiRoomOf(target)];
      if (from === undefined || to === undefined || from === to) return [];
      const allowed = sharedApiRooms[from] ?? Object.keys(sharedApiRooms);
      return allowed.includes(to) ? [] : [`${file} → apis/${to}`];
    });
    expect([...new Set(wrong)]).toEqual([]);
  });

  test('docs/architecture.md has the rooms and their arrows', () => {
    const arrows = Object.entries(rooms).map(([room, { uses, types = [] }]) => {
      const everywhere = ground.every((each) => uses.includes(each));
      return [room, everywhere ? uses.filter((each) => !ground.includes(each)) : uses, types];
    });
    expect(documented('rooms').sort()).toEqual(arrows.sort());
    const apis = new Set(files.flatMap((file) => apiRoomOf(file) ?? []));
    const shared = Object.entries(sharedApiRooms).map(([room, uses]) => [room, uses, []]);
    const own = [...apis].filter((room) => !(room in sharedApiRooms)).map((room) => [room, ['*'], []]);
    expect(documented('api rooms').sort()).toEqual([...shared, ...own].sort());
  });

  test('translation and fitting are pure: no clock, no chance, no files, no network', () => {
    const impure =
      /\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\bsetTimeout\b|\bsetInterval\b|\bprocess\.|'node:(fs|http|https|net|dns|os|child_process|timers)|\brandomUUID\b|\brandomBytes\b|\bfetch\(/;
    const found = files.filter(
      (file) => /^(apis|fit|canonical|techniques)\//.test(file) && impure.test(sources.get(file) ?? ''),
    );
    expect(found).toEqual([]);
  });

  test('below the APIs no text has a name that an API has for a field', () => {
    const written = Object.values(otherNames).flatMap((names) =>
      names.flatMap((name) => (typeof name === 'string' ? name : name.name).split('.')),
    );
    const spelled = [...Object.values(fieldNames), ...written].flatMap((name) => name.split('.'));
    // Words of plain English say nothing of an API.
    const names = spelled.filter((name) => /_/.test(name));
    const found = [...sources].filter(([file, source]) => {
      // The playground is a client of an API, and what it sends is in that API's words.
      if (/^(admin|apis|runtime|http|web|bedrock|models\/families)\//.test(file)) return false;
      const code = source.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
      const texts = [...code.matchAll(/'(?:[^'\\\n]|\\.)* (?:[^'\\\n]|\\.)*'|`[^`]*`/g)].join('\n');
      return names.some((name) => new RegExp(`\\b${name}\\b`).test(texts));
    });
    expect(names.length).toBeGreaterThan(20);
    expect(found.map(([file]) => file)).toEqual([]);
  });

  test('nothing of AWS above the backends, the table and the keys’ source', () => {
    const found = files.filter(
      (file) =>
        /'@(aws-sdk|smithy)\//.test(sources.get(file) ?? '') &&
        !/^(bedrock|backends|store|auth\/secrets-manager)/.test(file),
    );
    expect(found).toEqual([]);
  });

  test('files stay small', () => {
    const long = files.filter((file) => (sources.get(file)?.split('\n').length ?? 0) > 300);
    expect(long).toEqual([]);
  });
});
