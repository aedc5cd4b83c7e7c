import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { embedFormats } from '../../lambda/backends/embed/formats.ts';
import { rows as errorRows } from '../../lambda/backends/errors/table.ts';
import { chooseFormat } from '../../lambda/backends/invoke/choose-format.ts';
import { findFormat, formatNames } from '../../lambda/backends/invoke/formats.ts';
import { templates } from '../../lambda/backends/invoke/templates/templates.ts';
import { readConfig } from '../../lambda/config.ts';
import { embeddingFamilies, embeddingFormats } from '../../lambda/models/embeddings/families.ts';
import { families, unknownFamily } from '../../lambda/models/families/families.ts';
import { common } from '../../lambda/models/families/family.ts';
import { settings } from '../../lambda/settings/table.ts';
import { functionSettings } from '../../lib/settings/function-settings.ts';
import { ableToAll } from '../support/capabilities.ts';

/** What docs/architecture.md says has to be touched for each kind of addition, as far as a test can try it. */
const root = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const page = read('docs/architecture.md');
const [, recipes = ''] = page.split('## Where to add what');
const paths = (text: string) => [
  ...new Set(
    [...text.matchAll(/`((?:lambda|lib|local|test|docs)\/[^`\s]*|README\.md)`/g)].map(
      ([, path = '']) => path,
    ),
  ),
];
/** The part of the recipes that is about something. */
const recipe = (title: string) =>
  recipes.split(/^(?=\*\*[A-Z])/m).find((part) => part.startsWith(`**${title}`)) ?? '';

describe('docs/architecture.md', () => {
  test.each(paths(page).filter((path) => !path.includes('<')))('%s is there', (path) => {
    if (path.includes('*')) expect(globSync(path, { cwd: root }).length).toBeGreaterThan(1);
    else expect(existsSync(join(root, path))).toBe(true);
  });

  test.each([
    'A model family',
    'A client API',
    'A backend',
    'An embedding family',
    'A body format',
    'A setting',
    'An error',
    'A repair',
    'A rule of fallback',
    'A member of a key',
    'A client program',
  ])('has a recipe for: %s', (title) => expect(paths(recipe(title)).length).toBeGreaterThan(1));

  test.each([...page.matchAll(/\]\(([^)#]+)\)/g)].map(([, target = '']) => target))(
    'links to %s',
    (target) => {
      expect(existsSync(join(root, 'docs', target))).toBe(true);
    },
  );
});

describe('a model family', () => {
  test('every file of families is one that the table is made of', () => {
    const made = `${read('lambda/models/families/families.ts')}${read('lambda/models/families/claude.ts')}`;
    const files = globSync('lambda/models/families/*.ts', { cwd: root }).filter((file) =>
      /: readonly Family\[\] =/.test(read(file)),
    );
    expect(files.length).toBeGreaterThan(5);
    for (const file of files.filter((file) => !file.endsWith('/families.ts'))) {
      expect(made).toContain(`'./${file.split('/').at(-1)}'`);
    }
  });

  test('every family is in docs/models.md', () => {
    const documented = read('docs/models.md');
    for (const { title } of [...families, unknownFamily]) expect(documented).toContain(`| ${title} |`);
  });

  test('a capability that every row has is one of the model that tests take things away from', () => {
    expect(Object.keys(common).filter((name) => !(name in ableToAll))).toEqual([]);
  });
});

describe('a client API', () => {
  const apis = globSync('lambda/apis/*/{api,route}.ts', { cwd: root }).map((file) => {
    const [, , api = '', entry = ''] = file.split('/');
    return { api, entry };
  });

  test.each(apis)(
    '$api has its route in routes.ts or in what is loaded later, its tests, and a row in the README',
    ({ api, entry }) => {
      const parts = ['routes', 'route-parts', 'batch-parts', 'admin-parts'].map((name) =>
        read(`lambda/${name}.ts`),
      );
      expect(parts.join('')).toContain(`./apis/${api}/${entry}`);
      expect(globSync(`test/lambda/apis/${api}/*.test.ts`, { cwd: root }).length).toBeGreaterThan(0);
      expect(read('README.md')).toMatch(new RegExp(`\`(?:POST|GET) /v1/${api.replace('-', '/')}`));
    },
  );
});

test('a backend: the type checker asks backend-parts.ts for each that a target may have', () => {
  expect(read('lambda/backend-parts.ts')).toContain("Record<Exclude<BackendKind, 'converse'>,");
});

describe('an embedding family', () => {
  test('every format has an entry, and a family that uses it', () => {
    expect(Object.keys(embedFormats).sort()).toEqual([...embeddingFormats].sort());
    expect([...new Set(embeddingFamilies.map(({ format }) => format))].sort()).toEqual(
      [...embeddingFormats].sort(),
    );
  });

  test('one that takes images has a format that does', () => {
    for (const { title, format, images } of embeddingFamilies)
      expect(embedFormats[format].toImageBody !== undefined, title).toBe(images !== undefined);
  });

  test.each(embeddingFamilies.map((family) => [family.title, family] as const))(
    '%s is in the simulator’s account',
    (_, { match }) => {
      const models = [...read('local/simulator/models/other-models.ts').matchAll(/'([a-z0-9]+\.[\w.:-]+)'/g)];
      expect(models.some(([, id = '']) => match.test(id))).toBe(true);
    },
  );
});

describe('a body format of imported models', () => {
  const names = formatNames.split(', ');
  const golden = read('test/golden/invoke/bodies/formats.json');

  test.each(names)('%s has a golden body', (name) => expect(golden).toContain(`"format": "${name}`));

  test('what is chosen for an architecture, old or new, is a format that there is', () => {
    for (const architecture of [
      'llama',
      'llama2',
      'llama4',
      'mistral',
      'qwen2',
      'deepseek',
      't5',
      'gpt_oss',
      'x',
    ]) {
      for (const createdAt of [0, Date.now()]) {
        const chosen = chooseFormat({
          arn: 'arn:aws:bedrock:us-east-1:1:imported-model/a',
          architecture,
          createdAt,
        });
        expect(findFormat(chosen), chosen).toBeDefined();
      }
    }
  });

  test('every chat template is one that a format uses or may name', () => {
    for (const template of Object.keys(templates)) expect(findFormat(`llama/${template}`)).toBeDefined();
  });
});

describe('a setting', () => {
  test('its row is all that Config, the stack and the documentation need', () => {
    const { areRegionsNamed: _, ...config } = readConfig({});
    expect(Object.keys(config).sort()).toEqual(Object.keys(settings).sort());
    const ofStack = Object.values(settings).filter((row) => !('notInStack' in row));
    expect(
      Object.values(functionSettings)
        .map(({ variable }) => variable)
        .sort(),
    ).toEqual(ofStack.map(({ variable }) => variable).sort());
    for (const { variable } of Object.values(settings)) {
      expect(read('docs/operations.md')).toContain(`| \`${variable}\` |`);
    }
    for (const name of Object.keys(functionSettings))
      expect(read('docs/deploy.md')).toContain(`| \`${name}\` |`);
  });

  test('no other file of the function names its variable to read it', () => {
    const variables = Object.values(settings).map(({ variable }) => variable);
    const own = variables.filter((name) => name !== 'AWS_REGION');
    const readers = globSync('lambda/**/*.ts', { cwd: root }).filter(
      (file) => file !== 'lambda/settings/table.ts' && own.some((name) => read(file).includes(`env.${name}`)),
    );
    expect(readers).toEqual([]);
  });
});

test('an error of Bedrock’s: every list of rows is part of the table', () => {
  const table = read('lambda/backends/errors/table.ts');
  const lists = globSync('lambda/backends/errors/rows-*.ts', { cwd: root }).flatMap((file) =>
    [...read(file).matchAll(/^export const (\w+): readonly Row\[\]/gm)].map(([, name = '']) => name),
  );
  expect(lists.length).toBeGreaterThan(2);
  for (const name of lists) expect(table).toContain(`...${name},`);
  expect(errorRows.length).toBeGreaterThan(20);
});

test('a repair: every list of rows is part of the table', () => {
  const table = read('lambda/engine/repairs/repair.ts');
  const lists = globSync('lambda/engine/repairs/*.ts', { cwd: root }).flatMap((file) =>
    [...read(file).matchAll(/^export const (\w+): readonly RepairRow\[\]/gm)].map(([, name = '']) => name),
  );
  expect(lists.length).toBeGreaterThan(2);
  for (const name of lists) expect(table).toContain(`...${name}`);
});
