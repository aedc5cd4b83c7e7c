import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../../lambda/canonical/types.ts';
import { fitMessages } from '../../../../lambda/fit/messages/index.ts';
import type { Capabilities } from '../../../../lambda/models/capabilities.ts';
import { capabilitiesOf } from '../../../../lambda/models/families/capabilities-of.ts';

const models = {
  '3.5': 'anthropic.claude-3-5-haiku-20241022-v1:0',
  '3.7': 'anthropic.claude-3-7-sonnet-20250219-v1:0',
  '4.5': 'anthropic.claude-sonnet-4-5-20250929-v1:0',
  'Opus 4.5': 'anthropic.claude-opus-4-5-20251101-v1:0',
  '4.6': 'anthropic.claude-sonnet-4-6',
  '4.7': 'anthropic.claude-opus-4-7',
  'Opus 5': 'anthropic.claude-opus-5',
  'Sonnet 5': 'anthropic.claude-sonnet-5',
  'Sonnet 5.5': 'anthropic.claude-sonnet-5-5',
  'Opus 5.5': 'anthropic.claude-opus-5-5',
  'Fable 5.1': 'anthropic.claude-fable-5-1',
} as const;
type Name = keyof typeof models;

function sent(model: Name, body: JsonObject, learned: Partial<Capabilities> = {}) {
  const messages = [{ role: 'user', content: 'Hi' }];
  const request = {
    api: 'messages' as const,
    body: { max_tokens: 32_000, messages, ...body },
    betas: [],
    settings: {},
  };
  const { native, warnings } = fitMessages(request, capabilitiesOf(models[model], learned), 'm');
  const { thinking, output_config, anthropic_beta } = native.body;
  return { thinking, effort: (output_config as JsonObject | undefined)?.effort, anthropic_beta, warnings };
}

const adaptive = { type: 'adaptive' };
const disabled = { type: 'disabled' };
const budget = (budget_tokens: number) => ({ type: 'enabled', budget_tokens });
const shown = { type: 'adaptive', display: 'summarized' };

/** What the client asks for: `thinking`, effort; and what is sent. */
const table: [
  model: Name,
  thinking: JsonObject | undefined,
  effort: string | undefined,
  ...sent: unknown[],
][] = [
  ['3.5', budget(5000), 'high', undefined, undefined],
  ['3.5', disabled, undefined, undefined, undefined],
  ['3.7', budget(5000), undefined, budget(5000), undefined],
  ['3.7', budget(100), undefined, budget(1024), undefined],
  ['3.7', adaptive, 'high', budget(4096), undefined],
  ['4.5', { ...budget(31_999), display: 'omitted' }, undefined, budget(31_999), undefined],
  ['4.5', budget(40_000), undefined, budget(16_000), undefined],
  ['4.5', { ...adaptive, display: 'omitted' }, undefined, budget(2048), undefined],
  ['4.5', { type: 'between_tools' }, 'low', budget(1024), undefined],
  ['4.5', disabled, undefined, disabled, undefined],
  ['4.5', undefined, undefined, undefined, undefined],
  ['Opus 4.5', adaptive, 'max', budget(16_384), 'high'],
  ['4.6', budget(5000), undefined, budget(5000), undefined],
  ['4.6', { ...adaptive, display: 'omitted' }, 'xhigh', adaptive, 'high'],
  ['4.6', { type: 'between_tools' }, undefined, adaptive, undefined],
  ['4.6', disabled, 'max', disabled, 'high'],
  ['4.7', { ...budget(2048), display: 'omitted' }, undefined, { ...adaptive, display: 'omitted' }, 'low'],
  ['4.7', budget(5000), undefined, shown, 'medium'],
  ['4.7', budget(16_000), undefined, shown, 'high'],
  ['4.7', budget(5000), 'max', shown, 'max'],
  // As much as max_tokens leaves is as much as there may be.
  ['4.7', budget(31_000), undefined, shown, 'high'],
  ['Opus 5', adaptive, 'max', adaptive, 'max'],
  ['Opus 5', { ...adaptive, display: 'omitted' }, undefined, { ...adaptive, display: 'omitted' }, undefined],
  ['Opus 5', { ...adaptive, display: 'updates' }, undefined, { ...adaptive, display: 'updates' }, undefined],
  ['4.7', { ...adaptive, display: 'updates' }, undefined, shown, undefined],
  ['Opus 5', disabled, 'max', disabled, 'high'],
  ['Sonnet 5', disabled, undefined, disabled, undefined],
  ['Sonnet 5.5', disabled, 'max', { type: 'between_tools' }, 'high'],
  ['Sonnet 5.5', { type: 'between_tools' }, 'max', { type: 'between_tools' }, 'high'],
  ['Opus 5', { type: 'between_tools' }, 'max', adaptive, 'max'],
  ['Opus 5.5', disabled, undefined, undefined, 'low'],
  ['Fable 5.1', disabled, 'high', undefined, 'high'],
  ['Opus 5.5', undefined, 'medium', undefined, 'medium'],
];

test.each(table)('Claude %s, %j at effort %s → %j, %s', (model, thinking, effort, ...expected) => {
  const body = { ...(thinking && { thinking }), ...(effort && { output_config: { effort } }) };
  const { thinking: got, effort: gotEffort } = sent(model, body);
  expect([got, gotEffort]).toEqual(expected);
});

test('a flag goes with the effort that needs it, and with the display', () => {
  expect(sent('Opus 4.5', { output_config: { effort: 'low' } }).anthropic_beta).toEqual([
    'effort-2025-11-24',
  ]);
  expect(sent('Opus 5', { output_config: { effort: 'low' } }).anthropic_beta).toBeUndefined();
  expect(sent('Opus 5', { thinking: { ...adaptive, display: 'updates' } }).anthropic_beta).toEqual([
    'thinking-display-updates-2026-08-18',
  ]);
});

describe('thinking gives way', () => {
  const call = { type: 'tool_use', id: 'c', name: 'f', input: {} };
  const thought = { type: 'thinking', thinking: 'Hm.', signature: 's' };
  const turns = (...said: JsonObject[]) => [
    { role: 'user', content: 'Hi' },
    { role: 'assistant', content: [...said, call] },
    { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'c', content: 'r' }] },
  ];
  const tools = [{ name: 'f', input_schema: { type: 'object' } }];

  test.each<[string, Name, JsonObject, unknown]>([
    ['no room', '4.5', { max_tokens: 1024, thinking: budget(5000) }, undefined],
    ['its blocks did not come back', '4.5', { tools, messages: turns(), thinking: budget(2000) }, undefined],
    ['they did', '4.5', { tools, messages: turns(thought), thinking: budget(2000) }, budget(2000)],
    ['adaptive thinking needs none', '4.6', { tools, messages: turns(), thinking: adaptive }, adaptive],
    [
      'the answer has begun',
      '4.5',
      { messages: [...turns().slice(0, 1), { role: 'assistant', content: '{' }], thinking: budget(2000) },
      undefined,
    ],
    ['a call is demanded', '4.6', { tools, tool_choice: { type: 'any' }, thinking: budget(2000) }, undefined],
  ])('%s', (_, model, body, expected) => {
    expect(sent(model, body).thinking).toEqual(expected);
  });

  test('where a model has refused both together, thinking that is on by default goes off', () => {
    const body = { tools, tool_choice: { type: 'any' } };
    expect(sent('Opus 5', body, { thinkingRefusesForcedTool: true }).thinking).toEqual(disabled);
    expect(sent('Opus 5', body).thinking).toBeUndefined();
  });
});
