import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Machine, startMachine } from './terminal.ts';

const gateway = ['--url', 'https://gateway.example.com/v1', '--key', 'sk-of-this-test', '--shell', 'bash'];

let machine: Machine;
beforeEach(async () => {
  machine = await startMachine();
});
afterEach(() => machine.close());

/** White space and comments as they may stand between two words of JSON. */
const gap = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('', ' ', '\n', '  ', '\n\n', '\r\n', '\n    ', '\t') },
  { weight: 1, arbitrary: fc.constantFrom('/* KEEP */', ' // KEEP, } "\n', '\n/* KEEP\n */\n', ' /* { */ ') },
);
const names = fc.constantFrom('env', 'model', 'provider', 'modelProviders', 'openai', 'security', 'x');
const leaf = fc.constantFrom('1', 'null', '"a, b"', '"//"', '[]', '{}', 'true');

/** A value with everything in it laid out by chance: in one line, over many, with commas before or behind a break. */
const { value: json } = fc.letrec((tie) => {
  const laidOut = (open: string, close: string, items: fc.Arbitrary<string[]>) =>
    fc
      .tuple(items, fc.array(gap, { minLength: 12, maxLength: 12 }), fc.boolean())
      .map(([all, gaps, trailing]) => {
        const body = all.map((item, i) => `${gaps[i * 2]}${item}${gaps[i * 2 + 1]}`).join(',');
        return `${open}${body}${trailing && all.length > 0 ? `,${gaps[10]}` : gaps[11]}${close}`;
      });
  const member = fc
    .tuple(names, gap, gap, tie('value') as fc.Arbitrary<string>)
    .map(([name, before, behind, each]) => [name, `"${name}"${before}:${behind}${each}`] as const);
  const members = fc
    .uniqueArray(member, { selector: ([name]) => name, maxLength: 4 })
    .map((all) => all.map(([, text]) => text));
  const object = laidOut('{', '}', members);
  return {
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      leaf,
      object,
      laidOut('[', ']', fc.array(leaf, { maxLength: 3 })),
    ),
    object,
  };
}) as { value: fc.Arbitrary<string> };
const jsonFile = fc
  .tuple(gap, json, gap)
  .map(([before, text, behind]) => `${before}${text.startsWith('{') ? text : `{"x":${text}}`}${behind}`);

describe('files in unusual layouts', () => {
  test.each([
    ['claude-code', '~/.claude/settings.json'],
    ['opencode', '~/.config/opencode/opencode.json'],
    ['qwen-code', '~/.qwen/settings.json'],
    ['cline', '~/.cline/data/settings/providers.json'],
  ])('%s: what was put in and taken out leaves no trace in any JSON', async (client, path) => {
    let written = 0;
    await fc.assert(
      fc.asyncProperty(jsonFile, async (before) => {
        await machine.close();
        machine = await startMachine();
        await machine.put(path, before);
        const { code } = await machine.connect([client, ...gateway, '--write']);
        if (code === 0) {
          written += 1;
          const now = (await machine.files())[path] ?? '';
          // What stands within a value that another one takes the place of is not there meanwhile.
          if (!before.includes('"model"')) expect(now.match(/KEEP/g)).toEqual(before.match(/KEEP/g));
          expect((await machine.connect([client, '--remove'])).code).toBe(0);
        }
        expect(await machine.files()).toEqual({ [path]: before });
      }),
      { numRuns: 15 },
    );
    expect(written).toBeGreaterThan(3);
  });

  const continueFile = '~/.continue/config.yaml';
  const chatFile = './librechat.yaml';
  test.each([
    ['continue', continueFile, 'models:\n'],
    ['continue', continueFile, 'models: # KEEP\n'],
    ['continue', continueFile, 'models: [] # KEEP\nname: x\n'],
    ['continue', continueFile, 'models: ~\n'],
    ['continue', continueFile, 'models:\n  # KEEP\n\nname: x\n'],
    ['continue', continueFile, '---\n'],
    ['continue', continueFile, '# KEEP\n---\n# KEEP\n'],
    ['librechat', chatFile, 'version: 1.2.1\nendpoints:\n'],
    ['librechat', chatFile, 'version: 1.2.1\nendpoints: {}\ncache: true\n'],
    ['librechat', chatFile, 'endpoints: # KEEP\n  custom: [] # KEEP\nversion: 1.2.1\n'],
    ['claude-code', '~/.claude/settings.json', '{ "env": {\n} }'],
    ['claude-code', '~/.claude/settings.json', '{"a":1 }'],
    ['codex', '~/.codex/config.toml', 'a = [\n1, # KEEP\n2\n]\n  [b]\n  c = 1\n\n\n'],
  ])('%s, %s: %j', async (client, path, before) => {
    await machine.put(path, before);
    expect(await machine.connect([client, ...gateway, '--write'])).toMatchObject({ code: 0 });
    const now = (await machine.files())[path] ?? '';
    expect(now.match(/KEEP/g)).toEqual(before.match(/KEEP/g));
    expect(await machine.connect([client, '--remove'])).toMatchObject({ code: 0 });
    expect(await machine.files()).toEqual({ [path]: before });
  });

  const bashrc = '~/.bashrc';
  test.each([
    ['copilot-cli', bashrc, 'export COPILOT_MODEL=a; export PATH="/KEEP:$PATH"\n'],
    ['copilot-cli', bashrc, 'export COPILOT_MODEL=a COPILOT_OFFLINE=KEEP\n'],
    ['copilot-cli', bashrc, 'export COPILOT_MODEL="a b" # KEEP\n'],
    ['copilot-cli', bashrc, 'export COPILOT_MODEL=$(KEEP\n)\n'],
    ['copilot-cli', bashrc, "export COPILOT_MODEL='a\nKEEP'\nexport X=y"],
    ['open-webui', './.env', 'OPENAI_API_KEY="a\nKEEP"\nX=y\n'],
    ['open-webui', './.env', 'OPENAI_API_KEY=\'it is "\'\nOPENAI_API_BASE_URL="a" # b\n'],
  ])('%s, %s: %j says something else on a line of ours', async (client, path, before) => {
    await machine.put(path, before);
    await machine.connect([client, ...gateway, '--write']);
    const now = (await machine.files())[path] ?? '';
    expect(now.match(/KEEP/g)).toEqual(before.match(/KEEP/g));
    expect(now).toMatch(/^(export )?(COPILOT_MODEL=claude|OPENAI_API_KEY=sk-of-this-test)/m);
    await machine.connect([client, '--remove', '--shell', 'bash']);
    expect(await machine.files()).toEqual({ [path]: before });
  });

  test('what somebody has changed beside it stays, and what was put in goes all the same', async () => {
    await machine.put(chatFile, 'version: 1.2.1\nendpoints:\n');
    await machine.connect(['librechat', ...gateway, '--write']);
    const text = (await machine.files())[chatFile] ?? '';
    await machine.put(chatFile, text.replace('version: 1.2.1', 'version: 1.3.0 # KEEP'));
    expect(await machine.connect(['librechat', '--remove'])).toMatchObject({ code: 0 });
    expect((await machine.files())[chatFile]).toBe('version: 1.3.0 # KEEP\nendpoints: {}\n');
  });

  test.each(['{\n  "env": {\n\n  },\n  "x": 1\n}\n', '{"env":{ }, "x": 1}', '{\n\n}'])(
    'an object that was empty in %j is so again, whatever else has changed',
    async (before) => {
      const path = '~/.claude/settings.json';
      await machine.put(path, before);
      await machine.connect(['claude-code', ...gateway, '--write']);
      await machine.connect(['claude-code', ...gateway, '--model', 'fast', '--write']);
      const text = (await machine.files())[path] ?? '';
      const changed = (each: string) => `// KEEP\n${each.replace('"x": 1', '"x": 2')}`;
      await machine.put(path, changed(text));
      expect(await machine.connect(['claude-code', '--remove'])).toMatchObject({ code: 0 });
      expect((await machine.files())[path]).toBe(changed(before));
    },
  );

  test('a file that is right and cannot be edited is not called damaged', async () => {
    const before = 'model_providers.bedrock-gateway.name = "x"\n';
    await machine.put('~/.codex/config.toml', before);
    const { code, err } = await machine.connect(['codex', ...gateway, '--write']);
    expect(code).toBe(1);
    expect(err).toContain(
      'config.toml: model_providers.bedrock-gateway stands there in a form that cannot be edited without changing the rest: edit it by hand. Nothing has been written.',
    );
    expect(await machine.files()).toEqual({ '~/.codex/config.toml': before });
  });

  test.each([
    ['Latin 1', Buffer.from('# caf\xe9\nexport A=b\n', 'latin1')],
    ['UTF-16 of Windows', Buffer.from('\uFEFFexport A=b\n', 'utf16le')],
  ])('a file in %s is left as it is, to the byte', async (_, before) => {
    await machine.put('~/.bashrc', before);
    const { code, err } = await machine.connect(['copilot-cli', ...gateway, '--write']);
    expect(code).toBe(1);
    expect(err).toContain('~/.bashrc is not in UTF-8');
    expect(await readFile(join(machine.home, '.bashrc'))).toEqual(before);
    expect(Object.keys(await machine.files())).toEqual(['~/.bashrc']);
  });
});
