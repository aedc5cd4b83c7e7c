import { readdirSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { FormatName } from '../../../local/connect/clients/client.ts';
import { apiFor, clients } from '../../../local/connect/clients/table.ts';
import { shellOf } from '../../../local/connect/shells/shell.ts';
import { listed, type Machine, startMachine } from './terminal.ts';

const model = 'us.anthropic.claude-sonnet-5-5';
const key = 'sk-golden-key';
const gateway = [
  '--url',
  'https://gateway.example.com/v1',
  '--key',
  key,
  '--model',
  model,
  '--shell',
  'bash',
];
const folder = new URL('../../golden/connect/', import.meta.url);

/** What people have in such files already. */
const existing: Readonly<Record<FormatName, string>> = {
  jsonc:
    '// mine\n{\n  "theme": "dark", // keep this\n  /* and this */\n  "model": "mine", // the best\n  "nested": { "a":   [1,2] }\n  // the end\n}\n',
  toml: '# mine\nmodel = \'gpt-5\' # the good one\n\n# about the screen\n[tui]\ntheme   = "x" # dark\n',
  yaml: '# mine\nname: Mine\nversion: 0.0.1\n\nmodels: # all of them\n  - name: Own   # first\n    model: "x"\n\n# the end\nendpoints:\n    custom:\n        - name: other\n          apiKey: y # of theirs\n',
  dotenv: '# mine\nOPENAI_API_KEY="mine" # old\nexport FOO=1\n',
  profile: "# mine\nexport COPILOT_MODEL=mine\nalias ll='ls -l'\n",
};
const listOfModels = '# mine\n- model_id: own # first\n  model_name: x\n';

let machine: Machine;
beforeEach(async () => {
  machine = await startMachine();
});
afterEach(() => machine.close());

test('every client has its golden file, and every golden file its client', () => {
  expect(readdirSync(folder).sort()).toEqual(clients.map(({ name }) => `${name}.txt`).sort());
});

describe.each(clients.map((client) => [client.name, client] as const))('%s', (name, client) => {
  const api = apiFor(client, model);

  /** The files that it has, each with what a person has in it already. */
  async function fill(): Promise<Record<string, string>> {
    const places = { home: machine.home, folder: machine.folder, platform: 'linux' as const, env: {} };
    const shell = shellOf('bash', places);
    const connection = { api, model, baseUrl: 'https://gateway.example.com/v1' };
    const { files = [] } = client.need(connection, { in: 'file', text: key }, { ...places, shell });
    for (const { paths, format, entries } of files) {
      const isList = typeof entries[0]?.at[0] === 'object';
      const deep = entries.some(({ at }) => at[0] === 'model' && at.length > 1);
      const text = isList ? listOfModels : existing[format];
      await machine.put(paths[0], deep ? text.replace('"mine"', '{ "name":  "mine" }') : text);
    }
    return machine.files();
  }

  test('is printed, written, written into what is there, as the golden file has it', async () => {
    const parts: string[] = [];
    for (const each of client.apis) {
      const { out, code } = await machine.connect([name, ...gateway, '--api', each]);
      expect(code).toBe(0);
      parts.push(`### printed, ${each}\n\n${out}`);
    }
    const written = await machine.connect([name, ...gateway, '--write']);
    expect(written).toMatchObject({ code: 0 });
    parts.push(`### written\n\n${written.out}`, listed(await machine.files()));
    expect(await machine.connect([name, '--remove'])).toMatchObject({ code: 0 });
    await fill();
    expect(await machine.connect([name, ...gateway, '--write'])).toMatchObject({ code: 0 });
    parts.push('### written into what is there', listed(await machine.files()));
    await expect(`${parts.join('\n\n')}\n`).toMatchFileSnapshot(`${folder.pathname}${name}.txt`);
  });

  test('written twice it is written once', async () => {
    await fill();
    expect(await machine.connect([name, ...gateway, '--write'])).toMatchObject({ code: 0 });
    const once = await machine.files();
    const { out } = await machine.connect([name, ...gateway, '--write']);
    expect(await machine.files()).toEqual(once);
    expect(out).not.toContain('wrote');
    expect(out).toContain('unchanged');
  });

  test('removed, every file is what it was, to the byte, whatever was written in between', async () => {
    const before = await fill();
    expect(await machine.connect([name, ...gateway, '--write'])).toMatchObject({ code: 0 });
    expect(await machine.files()).not.toEqual(before);
    for (const each of client.apis) {
      await machine.connect([name, ...gateway, '--api', each, '--model', 'amazon.nova-lite-v1:0', '--write']);
    }
    if (client.keyMayStayOut) await machine.connect([name, ...gateway, '--write', '--key-in-env']);
    const { code, out } = await machine.connect([name, '--remove']);
    expect({ code, left: out.includes('left') }).toEqual({ code: 0, left: false });
    expect(await machine.files()).toEqual(before);
  });

  test('removed, what was not there before is gone', async () => {
    await machine.connect([name, ...gateway, '--write']);
    await machine.connect([name, '--remove']);
    expect(await machine.files()).toEqual({});
    expect((await machine.connect([name, '--remove'])).out).toMatch(/^Nothing to remove/);
  });

  test('the key is in no file where it stays in the environment', async () => {
    const { code, out, err } = await machine.connect([name, ...gateway, '--write', '--key-in-env']);
    if (!client.keyMayStayOut) {
      expect(code).toBe(1);
      expect(err).toContain('--key-in-env is not possible');
      return;
    }
    expect(JSON.stringify(await machine.files())).not.toContain(key);
    if (code === 0) expect(out).toContain(`export ${client.keyVariable}=${key}`);
    else expect(err).toContain('paste what is printed without --write');
  });
});
