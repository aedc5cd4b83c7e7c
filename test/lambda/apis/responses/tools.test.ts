import { describe, expect, test } from 'vitest';
import { translateRequest } from '../../../../lambda/apis/responses/request.ts';
import type { Fields } from '../../../../lambda/apis/shared/json.ts';
import { stateKey } from '../../../support/responses.ts';

const f = { type: 'function', name: 'f' };
const space = { type: 'namespace', name: 'ns', tools: [f, { type: 'function', name: 'g' }] };
const search = { type: 'web_search' };

function translated(body: Fields) {
  const options = { stateKey, strict: false, fetched: new Map() };
  const { canonical, ignored } = translateRequest({ model: 'm', input: 'Hi', ...body }, options);
  const { tools = [], toolChoice } = canonical.converse.toolConfig ?? {};
  const offered = tools.map((tool) => ('toolSpec' in tool ? tool.toolSpec.name : 'cachePoint'));
  return { offered, toolChoice, none: canonical.intent.toolChoiceNone ?? false, ignored };
}

describe('tools', () => {
  test.each<[string, Fields, string[]]>([
    ['a name alone is a function’s', { tools: [{ name: 'f' }] }, ['f']],
    ['members may be nested as Chat Completions has them', { tools: [{ type: 'function', function: { name: 'f' } }] }, ['f']],
    ['a namespace without tools has none', { tools: [f, { type: 'namespace', name: 'ns' }] }, ['f']],
    ['a marked tool has a cache point behind it', { tools: [{ ...f, prompt_cache_breakpoint: { mode: 'explicit' } }] }, ['f', 'cachePoint']],
    ['an item may bring none', { tools: [f], input: [{ type: 'additional_tools' }, { role: 'user', content: 'Hi' }] }, ['f']],
    ['a search may have found none', { tools: [f, { type: 'tool_search', execution: 'client' }], input: [{ role: 'user', content: 'Hi' }, { type: 'tool_search_call', call_id: 'c', execution: 'client', arguments: {} }, { type: 'tool_search_output', call_id: 'c', execution: 'client' }] }, ['f', 'tool_search']],
  ])('%s', (_, body, offered) => {
    expect(translated(body)).toMatchObject({ offered, ignored: [] });
  }); // biome-ignore format: a table

  test('a namespace in a namespace is nobody’s tool, and is named', () => {
    const tools = [{ ...space, tools: [f, space] }];
    expect(translated({ tools })).toMatchObject({
      offered: ['ns__f'],
      ignored: ['tools[0].tools[1] (namespace)'],
    });
  });

  test('one with neither type nor name is a 400 that says where', () => {
    expect(() => translated({ tools: [{}] })).toThrow(expect.objectContaining({ status: 400, param: 'tools[0].type' })); // biome-ignore format: one line
  });
});

describe('a choice', () => {
  const any = { any: {} };
  const g = { tool: { name: 'ns__g' } };
  test.each<[string, unknown, object]>([
    ['of a mode, as an object', { type: 'required' }, { toolChoice: any, offered: ['f', 'ns__f', 'ns__g'] }],
    ['of none, as an object', { type: 'none' }, { none: true }],
    ['of a tool of a namespace', { type: 'function', name: 'f', namespace: 'ns' }, { toolChoice: { tool: { name: 'ns__f' } } }],
    ['of a tool that only one namespace has', { type: 'function', name: 'g' }, { toolChoice: g }],
    ['among a namespace, named twice', { type: 'allowed_tools', mode: 'required', tools: [space, space] }, { toolChoice: any, offered: ['ns__f', 'ns__g'] }],
    ['among tools, as Chat Completions has it', { type: 'allowed_tools', allowed_tools: { mode: 'auto', tools: [f] } }, { toolChoice: { auto: {} }, offered: ['f'] }],
    ['among tools that OpenAI runs, where none must be called', { type: 'allowed_tools', mode: 'auto', tools: [search] }, { none: true }],
  ])('%s', (_, tool_choice, expected) => {
    expect(translated({ tools: [f, space, search], tool_choice })).toMatchObject(expected);
  }); // biome-ignore format: a table

  test.each<[string, unknown, RegExp]>([
    ['a built-in tool that is not given', { type: 'shell' }, /no tool is named 'shell'/],
    ['a function that is not given', { type: 'function', name: 'h' }, /no tool is named 'h'/],
    ['a namespace that is not given', { type: 'namespace', name: 'other' }, /no tool is named 'other'/],
    ['one of them among others', { type: 'allowed_tools', tools: [f, { type: 'shell' }] }, /no tool is named 'shell'/],
    ['a tool that OpenAI runs', search, /'web_search', a tool that OpenAI runs/],
    ['only such tools, of which one must be called', { type: 'allowed_tools', mode: 'required', tools: [search] }, /'web_search', a tool that OpenAI runs/],
    ['what has no type to speak of', { type: 5 }, /tool_choice/],
    ['what has no type to speak of, among others', { type: 'allowed_tools', mode: 'required', tools: [{ type: 5 }] }, /tool_choice/],
  ])('of %s is a 400', (_, tool_choice, message) => {
    expect(() => translated({ tools: [f, space, search], tool_choice })).toThrow(expect.objectContaining({ status: 400, message: expect.stringMatching(message) }));
  }); // biome-ignore format: a table
});
