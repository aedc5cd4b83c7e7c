import { expect, test } from 'vitest';
import { createLearned } from '../../../lambda/models/learned.ts';

test('corrections of one model add up, the latest of each kind holds', () => {
  const learned = createLearned({ now: () => 0 });
  learned.add('m', { system: false, stopSequences: false });
  learned.add('m', { system: true, maxOutputTokens: 8 });
  expect(learned.of('m')).toEqual({ system: true, stopSequences: false, maxOutputTokens: 8 });
  expect(learned.of('n')).toEqual({});
});

test('a correction to nothing is a correction', () => {
  const learned = createLearned({ now: () => 0 });
  learned.add('m', { topK: undefined });
  expect(Object.keys(learned.of('m'))).toEqual(['topK']);
});

test('each is believed for its own time', () => {
  let time = 0;
  const learned = createLearned({ now: () => time, ttlMs: 100 });
  learned.add('m', { system: false });
  time = 60;
  learned.add('m', { stopSequences: false });
  time = 99;
  expect(learned.of('m')).toEqual({ system: false, stopSequences: false });
  time = 100;
  expect(learned.of('m')).toEqual({ stopSequences: false });
  time = 160;
  expect(learned.of('m')).toEqual({});
});

test('what is remembered is bounded; the model corrected longest ago is forgotten first', () => {
  const learned = createLearned({ now: () => 0, maxModels: 2 });
  for (const model of ['a', 'b', 'a', 'c']) learned.add(model, { system: false });
  expect(['a', 'b', 'c'].filter((model) => learned.of(model).system === false)).toEqual(['a', 'c']);
});
