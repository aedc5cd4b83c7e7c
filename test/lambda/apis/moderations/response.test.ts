import { describe, expect, test } from 'vitest';
import { moderationResult } from '../../../../lambda/apis/moderations/response.ts';
import {
  findingsOfChecks,
  findingsOfGuardrail,
  harms,
} from '../../../../lambda/backends/guardrail/findings.ts';

const scored = (scores: Record<string, number>) =>
  harms.map((category) => ({ category, severityScore: scores[category] ?? 0 }));
const checked = (scores: Record<string, number>, more = {}) =>
  findingsOfChecks({ results: { contentFilter: { results: scored(scores) }, ...more } });

describe('what checks find', () => {
  test.each([
    [0.5, true],
    [0.49, false],
    [0, false],
    [1, true],
  ])('a score of %d is a hit: %s', (score, isHit) => {
    expect(checked({ HATE: score })).toMatchObject({ isFlagged: isHit, harms: { HATE: { score, isHit } } });
  });

  test('attacks and secrets count from the same score, each once', () => {
    const more = {
      promptAttack: { results: [{ category: 'JAILBREAK', severityScore: 0.7 }] },
      sensitiveInformation: {
        results: [
          { type: 'PASSWORD', confidenceScore: 0.9 },
          { type: 'PASSWORD', confidenceScore: 0.8 },
          { type: 'PIN', confidenceScore: 0.1 },
        ],
      },
    };
    expect(checked({}, more)).toMatchObject({ isFlagged: true, others: ['JAILBREAK', 'PASSWORD'] });
  });

  test.each([
    ['nothing', undefined],
    ['no results', { results: {} }],
    ['a harm too few', { results: { contentFilter: { results: scored({}).slice(1) } } }],
    [
      'a score that is none',
      { results: { contentFilter: { results: [{ category: 'HATE', severityScore: 'high' }] } } },
    ],
  ])('%s is no answer: what has not been checked does not pass for clean', (_, answer) => {
    expect(findingsOfChecks(answer)).toBeUndefined();
  });
});

describe('what a guardrail finds', () => {
  const filter = (type: string, confidence: string, action = 'NONE', more = {}) => ({
    type,
    confidence,
    action,
    ...more,
  });
  const assessed = (assessment: object, action = 'GUARDRAIL_INTERVENED') =>
    findingsOfGuardrail({ action, assessments: [assessment] });

  test('its confidence in numbers; a hit where the filter acted; what it has no filter for is not measured', () => {
    const filters = [
      filter('HATE', 'LOW'),
      filter('INSULTS', 'MEDIUM', 'NONE', { detected: true }),
      filter('VIOLENCE', 'HIGH', 'BLOCKED'),
    ];
    expect(assessed({ contentPolicy: { filters } })?.harms).toEqual({
      HATE: { score: 0.25, isHit: false },
      INSULTS: { score: 0.5, isHit: true },
      VIOLENCE: { score: 0.75, isHit: true },
    });
  });

  test('of text and image the worse counts', () => {
    const filters = [filter('HATE', 'HIGH', 'BLOCKED'), filter('HATE', 'NONE')];
    expect(assessed({ contentPolicy: { filters } })?.harms.HATE).toEqual({ score: 0.75, isHit: true });
  });

  test('what is no harm is told by its kind, and never by its text', () => {
    const found = assessed({
      topicPolicy: { topics: [{ name: 'Secret plans', type: 'DENY', action: 'BLOCKED' }] },
      wordPolicy: { customWords: [{ match: 'swear', action: 'BLOCKED' }], managedWordLists: [] },
      sensitiveInformationPolicy: {
        piiEntities: [{ type: 'EMAIL', match: 'a@b', action: 'ANONYMIZED' }],
        regexes: [{ name: 'r', match: 'm', action: 'NONE' }],
      },
      contentPolicy: { filters: [filter('PROMPT_ATTACK', 'HIGH', 'BLOCKED')] },
    });
    expect(found).toEqual({
      isFlagged: true,
      harms: {},
      others: ['PROMPT_ATTACK', 'TOPIC', 'WORD', 'EMAIL'],
    });
  });

  test('what it answers beside that is no answer', () => {
    expect(findingsOfGuardrail({ Output: { __type: 'UnknownOperationException' } })).toBeUndefined();
    expect(findingsOfGuardrail(undefined)).toBeUndefined();
  });
});

test('a result has every category three times, and says which are not measured', () => {
  const result = moderationResult(
    { isFlagged: false, harms: { HATE: { score: 0.2, isHit: false } }, others: [] },
    ['text'],
  );
  expect(Object.keys(result.categories)).toHaveLength(13);
  expect(Object.values(result.categories).every((value) => value === false)).toBe(true);
  expect(Object.entries(result.category_applied_input_types).filter(([, kinds]) => kinds.length > 0)).toEqual(
    [['hate', ['text']]],
  );
  expect(result.category_scores).toMatchObject({ hate: 0.2, 'self-harm': 0 });
});
