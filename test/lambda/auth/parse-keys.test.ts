import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digestOf } from '../../../lambda/auth/digest.ts';
import { KeyFormatError, parseKeys } from '../../../lambda/auth/parse-keys.ts';

const sha256 = Buffer.from(digestOf('team-key')).toString('hex');
const single = (key: string) => ({ digest: digestOf(key), principal: { name: 'default' } });

describe('the forms of the secret', () => {
  it.each([
    ['plain text', 'sk-one', 'sk-one'],
    ['plain text with the newline that an editor added', ' sk-one\n', 'sk-one'],
    ['JSON with api_key', '{"api_key": "sk-one"}', 'sk-one'],
    ['JSON with other members', '{"api_key": "sk-one", "note": 1}', 'sk-one'],
    ['a generated key that begins with a brace', '{x}7"', '{x}7"'],
    ['a key of digits', '12345', '12345'],
    ['white space in quotes, which is no key without them', '"  "', '"  "'],
  ])('%s', async (_, content, key) => {
    expect(await parseKeys(content)).toEqual({ keys: [single(key)], problems: [] });
  });

  it('several keys, beside one alone', async () => {
    const guardrail = { guardrailIdentifier: 'g', guardrailVersion: 'DRAFT' };
    const content = JSON.stringify({
      api_key: 'sk-one',
      keys: [
        {
          name: 'team',
          sha256: sha256.toUpperCase(),
          models: ['amazon.*'],
          expires: '2027-01-31T12:00:00+01:00',
          guardrail,
          metadata: { cost: 'a b' },
        },
        { name: 'gone', sha256, revoked: true },
      ],
    });
    expect(await parseKeys(content)).toEqual({
      keys: [
        single('sk-one'),
        {
          digest: digestOf('team-key'),
          principal: { name: 'team', models: ['amazon.*'], guardrail, metadata: { cost: 'a b' } },
          expiresAt: Date.UTC(2027, 0, 31, 11),
        },
        { digest: digestOf('team-key'), principal: { name: 'gone' }, revoked: true },
      ],
      problems: [],
    });
  });

  it.each([
    ['none', [], '0'],
    ['revoked ones', [{ name: 'gone', sha256, revoked: true }], '1'],
  ])('a list that lets nobody in says so: %s', async (_, keys, count) => {
    expect((await parseKeys(JSON.stringify({ keys }))).problems.at(-1)).toBe(
      `none of its ${count} key(s) can be used, so it lets nobody in`,
    );
  });

  it.each([
    ['a JSON text', '"sk-one"'],
    ['single quotes', "'sk-one'"],
    ['quotes and white space', ' " sk-one "\n'],
    ['quotes within JSON', '{"api_key": "\\"sk-one\\""}'],
  ])('a key in quotes is the key within them, and with them: %s', async (_, content) => {
    const { keys, problems } = await parseKeys(content);
    expect(keys).toContainEqual(single('sk-one'));
    expect(keys).toHaveLength(2);
    expect(problems).toEqual([]);
  });

  it.each([
    [''],
    [' \n'],
    ['{}'],
    ['{"password": "x"}'],
    ['{"api_key": ""}'],
    ['{"api_key": 5}'],
    ['{"api_key": null}'],
    ['{"keys": {}}'],
    ['{"keys": "x"}'],
    ['[{"name": "team"}]'],
    ['{"api_key": "sk-one",}'],
    ['{"keys": [}'],
  ])('not a form: %s', async (content) => {
    await expect(parseKeys(content)).rejects.toThrow(KeyFormatError);
  });
});

describe('a record that is wrong', () => {
  const good = { name: 'good', sha256 };
  it.each([
    [{ name: 'x' }, ' must have name and sha256, and no unknown member'],
    [{ ...good, model: ['typo'] }, ' must have name and sha256, and no unknown member'],
    [
      { ...good, sha256: 'sk-plain-key-by-mistake' },
      '.sha256 must be 64 hexadecimal digits: the SHA-256 of the key',
    ],
    [
      { ...good, sha256: createHash('sha256').digest('hex').toUpperCase() },
      '.sha256 is the hash of an empty text: there was no key when it was made',
    ],
    [
      { ...good, previous: { sha256: createHash('sha256').digest('hex'), expires: '2027-01-31' } },
      '.previous is the hash of an empty text: there was no key when it was made',
    ],
    [{ ...good, expires: '2027-02-30' }, '.expires must be a date that exists'],
    [{ ...good, expires: '2027-04-31T12:00Z' }, '.expires must be a date that exists'],
    [{ ...good, name: '' }, '.name must be 1 to 64 letters, digits, spaces or any of _ . @ : / -'],
    [{ ...good, models: 'a' }, '.models must be a list of patterns such as "amazon.nova-*"'],
    [{ ...good, models: [''] }, '.models must be text'],
    [{ ...good, revoked: 'yes' }, '.revoked must be true or false'],
    [{ ...good, expires: '2027-13-45' }, '.expires must be a date that exists'],
    [{ ...good, guardrail: { guardrailIdentifier: 'g' } }, '.guardrail must have guardrailIdentifier and'],
    [
      { ...good, guardrail: { guardrailIdentifier: 'g', guardrailVersion: 'x' } },
      '.guardrail must be a version',
    ],
    [{ ...good, metadata: { a: 'é' } }, '.metadata has a character that Bedrock refuses'],
    [{ ...good, metadata: { '': 'a' } }, '.metadata has a name that Bedrock refuses'],
    [
      { ...good, metadata: Object.fromEntries(Array.from({ length: 17 }, (_, i) => [`k${i}`, ''])) },
      '.metadata has more than 16 entries',
    ],
    ['sk-plain-key-by-mistake', ' must have name and sha256, and no unknown member'],
    [null, ' must have name and sha256, and no unknown member'],
  ])('%j opens nothing, is named, and costs only itself', async (record, problem) => {
    const { keys, problems } = await parseKeys(JSON.stringify({ keys: [record, good] }));
    expect(keys.map((key) => key.principal.name)).toEqual(['good']);
    expect(problems.length).toBeGreaterThan(0);
    for (const one of problems) expect(one).toContain('keys[0]');
    expect(problems[0]).toContain(`keys[0]${problem}`);
  });

  it.each(['2027-01-31', '2027-01-31T12:00Z', '2027-01-31T12:00:00.5-08:00'])(
    'expires %s is a time',
    async (expires) => {
      expect((await parseKeys(JSON.stringify({ keys: [{ ...good, expires }] }))).keys[0]?.expiresAt).toBe(
        Date.parse(expires),
      );
    },
  );

  it.each(['tomorrow', '2027-01-31T12:00:00', '31.1.2027', ''])(
    'expires %s is none: no zone, no time',
    async (expires) => {
      expect((await parseKeys(JSON.stringify({ keys: [{ ...good, expires }] }))).problems).toHaveLength(1);
    },
  );
});

it('never repeats any of the content', async () => {
  const canary = 'sk-canary-0123456789';
  const place = (value: unknown): string =>
    JSON.stringify(value, (_, v) => (v === 'K' ? canary : v)).replaceAll('"K":', `"${canary}":`);
  const shapes: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom('K', 'name', sha256, null, 1, true),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(
        fc.constantFrom(
          'K',
          'keys',
          'api_key',
          'name',
          'sha256',
          'models',
          'metadata',
          'guardrail',
          'expires',
          'teams',
          'team',
          'limits',
          'previous',
        ),
        tie('value'),
        { maxKeys: 4 },
      ),
    ),
  })).value;
  const content = fc
    .tuple(shapes, fc.constantFrom('', ',', '}', '"'))
    .map(([shape, slip]) => place(shape) + slip);
  await fc.assert(
    fc.asyncProperty(content, async (secret) => {
      let said = '';
      try {
        said = (await parseKeys(secret)).problems.join('\n');
      } catch (error) {
        if (!(error instanceof KeyFormatError)) throw error;
        said = error.message;
      }
      expect(said).not.toMatch(/canary|0123/);
    }),
    { numRuns: 500 },
  );
});
