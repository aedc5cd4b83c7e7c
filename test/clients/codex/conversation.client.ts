import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Stack, startStack } from '../../support/stack.ts';
import { expectReasoning } from '../support/kept.ts';
import { countsOf, versionOf } from '../support/report.ts';
import { openAiTokensIn } from '../support/tokens.ts';
import { chatCalls, hiddenIn, refusalsOf, resultsIn, thinkingIn, toolsIn } from '../support/upstream.ts';
import { models } from './models.ts';
import { type CodexSession, endOf, openCodex, saidIn, signedIn } from './session.ts';

const program = `Codex ${versionOf('@openai/codex')}`;
const oneCall = '[[call:exec_command {"cmd":"echo hello"}]] Say hello.';
const twoCalls = '[[call:exec_command {"cmd":"echo one"}]] [[call:exec_command {"cmd":"exit 3"}]] Go on.';
const patch = '*** Begin Patch\n*** Add File: a.txt\n+hello\n*** End Patch';
const library = `[mcp_servers.library]
command = ${JSON.stringify(process.execPath)}
args = [${JSON.stringify(join(import.meta.dirname, 'mcp-server.ts'))}]`;

let stack: Stack;
let codex: CodexSession | undefined;
beforeAll(async () => {
  stack = await startStack();
});
beforeEach(() => {
  stack.simulator.reset();
  stack.logs.length = 0;
  return async () => {
    await codex?.close();
    codex = undefined;
  };
});
afterAll(() => stack.close());

describe.each(models)('Codex on $model', ({ model, signed, hidden, effort, sees, known }) => {
  const open = async (more: { tables?: string[] } = {}) => {
    const top = effort === undefined ? [] : [`model_reasoning_effort = "${effort}"`];
    codex = await openCodex({ url: stack.baseUrl, apiKey: stack.apiKey, model, top, ...more });
    return codex;
  };

  it('R03 works with tools, keeps its reasoning and counts its tokens', async ({ annotate }) => {
    const session = await open();
    const { calls } = stack.simulator;

    const first = await session.say(oneCall);
    expect(endOf(first)).toEqual({ code: 0 });
    expect(saidIn(first)).toContain('hello');

    const second = await session.say(twoCalls);
    expect(endOf(second)).toEqual({ code: 0 });
    const last = chatCalls(calls).at(-1)!;
    const results = resultsIn(last).map(({ text }) => text);
    expect(results).toHaveLength(3);
    expect(results[0]).toMatch(/code 0.*hello/);
    expect(results[1]).toMatch(/code 0.*one/);
    expect(results[2]).toMatch(/code 3/);

    // All but that of the answer which ended the turn.
    const reasoning = signedIn([first, second]).slice(0, -1);
    if (signed) expect(thinkingIn(last)).toEqual(reasoning);
    expectReasoning(last, { signed, hidden }, 3);
    expect(second.usage).toMatchObject(openAiTokensIn(stack.logs));
    expect(refusalsOf(calls)).toEqual([]);
    expect(session.attempts).toEqual([]);
    await annotate(
      `${program} · ${model}: a call, two parallel calls (one failed), resumed; ${countsOf(calls)}; reasoning returned ${thinkingIn(last).length + hiddenIn(last).length}; usage ${JSON.stringify(second.usage)}`,
    );
  });

  it('writes a file by a patch', async ({ annotate }) => {
    const session = await open();
    const call = known
      ? `apply_patch ${JSON.stringify({ input: patch })}`
      : `exec_command ${JSON.stringify({ cmd: `apply_patch <<'END'\n${patch}\nEND` })}`;
    const turn = await session.say(`[[call:${call}]] Write it.`);
    expect(endOf(turn)).toEqual({ code: 0 });
    expect(await readFile(join(session.folder, 'a.txt'), 'utf8')).toBe('hello\n');
    expect(turn.items).toContainEqual(expect.objectContaining({ type: 'file_change', status: 'completed' }));
    const { calls } = stack.simulator;
    expect(toolsIn(chatCalls(calls)[0]!).includes('apply_patch')).toBe(known);
    expect(resultsIn(chatCalls(calls).at(-1)!)).toMatchObject([{ text: expect.stringContaining('Success') }]);
    expect(refusalsOf(calls)).toEqual([]);
    await annotate(
      `${program} · ${model}: a patch by ${known ? 'the tool apply_patch' : 'exec_command'}; ${countsOf(calls)}`,
    );
  });

  it('uses the tools of an MCP server', async ({ annotate }) => {
    const session = await open({ tables: [library] });
    // For models that it knows, Codex holds such tools back until they are searched for.
    if (known)
      await session.say('[[call:tool_search {"query":"library lookup fail picture"}]] Find the tools.');
    const picture = sees ? '[[call:mcp__library__picture {}]]' : '';
    const turn = await session.say(
      `[[call:mcp__library__lookup {"name":"tea"}]] [[call:mcp__library__fail {}]] ${picture} Go.`,
    );
    expect(endOf(turn)).toEqual({ code: 0 });
    const used = turn.items.filter(({ type }) => type === 'mcp_tool_call');
    // They run at the same time.
    expect(used.sort((a, b) => a.tool!.localeCompare(b.tool!))).toMatchObject([
      { server: 'library', tool: 'fail', status: 'failed' },
      { server: 'library', tool: 'lookup', status: 'completed' },
      ...(sees ? [{ server: 'library', tool: 'picture', status: 'completed' }] : []),
    ]);
    const { calls } = stack.simulator;
    const results = resultsIn(chatCalls(calls).at(-1)!).map(({ text }) => text);
    if (known) expect(results.shift()).toContain('lookup');
    expect(results[0]).toContain('Found: tea.');
    expect(results[1]).toContain('There is no such thing.');
    expect(JSON.stringify(chatCalls(calls).at(-1)!.body).includes('iVBORw0KGgo')).toBe(sees);
    expect(refusalsOf(calls)).toEqual([]);
    await annotate(
      `${program} · ${model}: MCP, a text, a failure${sees ? ', a picture' : ''}; ${countsOf(calls)}`,
    );
  });
});
