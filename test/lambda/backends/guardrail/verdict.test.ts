import { describe, expect, test } from 'vitest';
import { verdictIn } from '../../../../lambda/backends/guardrail/verdict.ts';

const intervened = (assessments: unknown, text?: string) => ({
  action: 'GUARDRAIL_INTERVENED',
  outputs: text === undefined ? [] : [{ text }],
  assessments,
});
const pii = (action: string) => ({
  sensitiveInformationPolicy: { piiEntities: [{ type: 'NAME', match: 'x', action }] },
});
const topic = (action: string) => ({ topicPolicy: { topics: [{ name: 't', type: 'DENY', action }] } });

describe('the verdict of a guardrail', () => {
  test('pass', () =>
    expect(verdictIn({ action: 'NONE', outputs: [], assessments: [{}] })).toEqual({ action: 'pass' }));

  test.each([
    ['one entity', [pii('ANONYMIZED')]],
    ['and what found nothing', [pii('ANONYMIZED'), topic('NONE')]],
  ])('mask: %s', (_, assessments) => {
    expect(verdictIn(intervened(assessments, 'a {NAME}'))).toEqual({ action: 'mask', text: 'a {NAME}' });
  });

  test.each([
    ['a topic', [topic('BLOCKED')], 'No.', 'No.'],
    ['one masks and one blocks', [pii('ANONYMIZED'), topic('BLOCKED')], 'No.', 'No.'],
    ['without assessments', undefined, 'No.', 'No.'],
    ['with none that says what it did', [{}], 'No.', 'No.'],
    ['with an action that is new', [pii('REWRITTEN')], 'No.', 'No.'],
    ['without a text', [topic('BLOCKED')], undefined, ''],
    ['masked to nothing', [pii('ANONYMIZED')], '', ''],
  ])('block: %s', (_, assessments, text, message) => {
    expect(verdictIn(intervened(assessments, text))).toEqual({ action: 'block', message });
  });

  test.each([undefined, null, 'NONE', {}, [], { action: 'none' }, { Output: { __type: 'x' } }])(
    'none: %j',
    (answer) => expect(verdictIn(answer)).toBeUndefined(),
  );
});
