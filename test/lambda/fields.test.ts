import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { badRequest, GatewayError } from '../../lambda/errors.ts';
import { field, note, type Spell, withMember, written } from '../../lambda/fields.ts';

const loud: Spell = (name, member) => `«${withMember(name.toUpperCase(), member)}»`;

describe('a note', () => {
  test('has a place for each field, in the gateway’s words and in a client’s', () => {
    const text = note`${field('maxTokens')} ${9000} lowered for ${field('requestMetadata', 'team')}`;
    expect(String(text)).toBe('maxTokens 9000 lowered for requestMetadata.team');
    expect(text.spelled(loud)).toBe('«MAXTOKENS» 9000 lowered for «REQUESTMETADATA.team»');
  });

  test('may stand in another', () => {
    const inner = note`${field('input', 3)} is too long`;
    expect(note`${inner} (${written('maxTokens')})`.spelled(loud)).toBe('«INPUT[3]» is too long (maxTokens)');
  });

  test('leaves alone what a client wrote, whatever it looks like', () => {
    const lookalike = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('maxTokens', '{maxTokens}', '%s', '«MODEL»', '$&', '$1'),
    );
    fc.assert(
      fc.property(lookalike, lookalike, (one, other) => {
        const text = note`${one}: ${field('tools')}, ${written(other)}`;
        expect(text.spelled(loud)).toBe(`${one}: «TOOLS», ${other}`);
      }),
    );
  });
});

describe('an error', () => {
  const cause = new Error('why');
  const error = new GatewayError({
    status: 429,
    reason: 'throttled',
    message: note`less ${field('maxTokens')}`,
    code: 'rate_limit_exceeded',
    param: field('stopSequences'),
    retryAfterMs: 5,
    mayHaveRun: true,
    ofModel: true,
    cause,
    upstream: { name: 'ThrottlingException', message: 'slow' },
  });

  test('is in the gateway’s words until it is spelled, and nothing else of it changes', () => {
    expect(error).toMatchObject({ message: 'less maxTokens', param: 'stopSequences' });
    const spelled = error.spelled(loud);
    const { message: _m, text: _t, param: _p, at: _a, stack, ...rest } = spelled;
    expect(spelled).toMatchObject({ message: 'less «MAXTOKENS»', param: '«STOPSEQUENCES»' });
    expect(rest).toMatchObject({
      status: 429,
      reason: 'throttled',
      code: 'rate_limit_exceeded',
      retryAfterMs: 5,
    });
    expect(rest).toMatchObject({ mayHaveRun: true, ofModel: true });
    expect(spelled.upstream).toBe(error.upstream);
    expect([spelled.cause, stack]).toEqual([cause, error.stack]);
  });

  test('is spelled once: its words are then the client’s', () => {
    const spelled = error.spelled(loud);
    expect(spelled.spelled(() => 'again')).toBe(spelled);
  });

  test('that names no field is itself', () => {
    const plain = badRequest('No.', written('messages[0].content'));
    expect(plain.spelled(loud)).toBe(plain);
  });
});
