import { describe, expect, test } from 'vitest';
import { inClientWords, spelledNotes, spellingFor } from '../../../../lambda/apis/shared/spelling.ts';
import { streamAnswer } from '../../../../lambda/apis/shared/stream-answer.ts';
import { badRequest } from '../../../../lambda/errors.ts';
import { field, note, written } from '../../../../lambda/fields.ts';
import { itemsOf } from '../../../support/sources.ts';

const names = { model: 'model', input: 'text', dimensions: 'size', inputType: 'kind', truncate: 'cut' };

describe('the name of a field', () => {
  test('is the table’s where the API has one name', () => {
    const spell = spellingFor({ other: 1 }, names);
    expect([spell('dimensions'), spell('input', 2)]).toEqual(['size', 'text[2]']);
  });

  test('is the first of several that the body has a value for, wherever it says that it stands', () => {
    const others = { dimensions: ['width', 'shape.width', { name: 'w', at: ['parts.size.w', 'parts.w'] }] };
    const named = (body: Record<string, unknown>) => spellingFor(body, names, others)('dimensions');
    expect(named({ width: 0, shape: { width: 1 } })).toBe('width');
    expect(named({ width: null, shape: { width: false } })).toBe('shape.width');
    expect(named({ parts: [1, null, 'w', { size: [{ v: 1 }, { w: 1 }] }] })).toBe('w');
    expect(named({ parts: [{ w: 1 }] })).toBe('w');
    expect(named({ parts: { w: undefined } })).toBe('size');
  });

  test('members of every object are none of the body’s', () => {
    const named = (body: Record<string, unknown>) =>
      spellingFor(body, names, { model: ['toString', 'a.constructor', '__proto__'] })('model');
    expect(named({ a: {} })).toBe('model');
    expect(named(JSON.parse('{"__proto__": 1}'))).toBe('__proto__');
  });

  test('a member whose name looks like a path is one member', () => {
    const others = { model: ['a', 'b'] };
    expect(spellingFor({ a: { x: { y: 1 } }, b: { 'x.y': 1 } }, names, others)('model', 'x.y')).toBe('b.x.y');
  });

  test('a field that the API has no name for keeps the gateway’s', () => {
    expect(spellingFor({}, names)('temperature')).toBe('temperature');
  });
});

const spell = spellingFor({}, names);

test('notes become texts, those that are texts already stay, and the rest of an outcome with them', () => {
  const outcome = {
    modelId: 'm',
    warnings: ['plain', note`${field('dimensions')} lowered`],
    ignored: [field('inputType'), written('inputType')],
  };
  expect(spelledNotes(outcome, spell)).toEqual({
    modelId: 'm',
    warnings: ['plain', 'size lowered'],
    ignored: ['kind', 'inputType'],
  });
});

describe('what fails', () => {
  const error = badRequest(note`no ${field('dimensions')}`, field('dimensions'));

  test('fails in the client’s words', async () => {
    await expect(inClientWords(spell, () => Promise.reject(error))).rejects.toMatchObject({
      message: 'no size',
      param: 'size',
    });
  });

  test('a fault of the gateway’s own stays as it is', async () => {
    const fault = new TypeError('x');
    await expect(inClientWords(spell, () => Promise.reject(fault))).rejects.toBe(fault);
  });

  test('within a stream it does too', async () => {
    const events = streamAnswer({
      opened: Promise.reject(error),
      spell,
      encoder: {
        open: () => expect.fail('nobody answers'),
        push: () => expect.fail('nobody answers'),
        end: () => expect.fail('it does not end well'),
        heartbeat: () => expect.fail('nothing is silent'),
        fail: ({ message, param }) => JSON.stringify({ message, param }),
      },
      onError: () => {},
    });
    let text = '';
    for await (const item of itemsOf(events)) text += item;
    expect(JSON.parse(text)).toEqual({ message: 'no size', param: 'size' });
  });
});
