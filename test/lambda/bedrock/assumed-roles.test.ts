import { beforeEach, describe, expect, test } from 'vitest';
import type { AssumedRole } from '../../../lambda/backends/backend.ts';
import { type AssumedRoles, createAssumedRoles } from '../../../lambda/bedrock/assumed-roles.ts';
import type { Session } from '../../../lambda/bedrock/sts.ts';

const minute = 60_000;
const role: AssumedRole = { arn: 'arn:aws:iam::123456789012:role/red', session: 'red', tags: { key: 'red' } };

let time: number;
let asked: AssumedRole[];
let answers: (Session | Error)[];
let credentialsOf: AssumedRoles;

/** Good for an hour from now. */
const session = (name: string): Session => ({
  credentials: { accessKeyId: name, secretAccessKey: 's', sessionToken: 't' },
  expiresAt: time + 60 * minute,
});
const idOf = async (asking = role) => (await credentialsOf(asking, 'us-east-1')).accessKeyId;
const denied = () =>
  Object.assign(new Error('User: arn:aws:sts::1:x is not authorized'), { name: 'AccessDenied' });

beforeEach(() => {
  time = 1_000_000;
  asked = [];
  answers = [];
  credentialsOf = createAssumedRoles({
    now: () => time,
    assumeRole: async (each) => {
      asked.push(each);
      const answer = answers.shift() ?? session(`session-${asked.length}`);
      await Promise.resolve();
      if (answer instanceof Error) throw answer;
      return answer;
    },
  });
});

describe('credentials of a role', () => {
  test('are kept until five minutes before their end', async () => {
    expect(await idOf()).toBe('session-1');
    time += 55 * minute - 1;
    expect(await idOf()).toBe('session-1');
    time += 1;
    expect(await idOf()).toBe('session-2');
    expect(asked).toHaveLength(2);
  });

  test('are asked for once, however many want them', async () => {
    expect(await Promise.all(Array.from({ length: 50 }, () => idOf()))).toEqual(Array(50).fill('session-1'));
    time += 58 * minute;
    expect(await Promise.all(Array.from({ length: 50 }, () => idOf()))).toEqual(Array(50).fill('session-2'));
    expect(asked).toHaveLength(2);
  });

  test('belong to a role, a name and tags: another of these is another session', async () => {
    const others = [
      { ...role, arn: `${role.arn}2` },
      { ...role, session: 'blue' },
      { ...role, tags: { key: 'red', team: 'a' } },
      { ...role, tags: { key: 'red2' } },
    ];
    const ids = await Promise.all([role, ...others].map(idOf));
    expect(new Set(ids).size).toBe(5);
    expect(await idOf()).toBe(ids[0]);
  });

  test('that STS refuses: one answer for all, believed for ten seconds, with nothing of AWS’s words', async () => {
    answers = [denied()];
    const errors = await Promise.all(Array.from({ length: 20 }, () => idOf().catch((error) => error)));
    expect(asked).toHaveLength(1);
    for (const error of errors) {
      expect(error).toMatchObject({ status: 503, code: 'role_unavailable', retryAfterMs: 10_000 });
      expect(error.cause.name).toBe('AccessDenied');
      expect(`${error.message} ${error.cause.message} ${error.cause.stack}`).not.toMatch(/arn:/);
    }
    time += 9999;
    await expect(idOf()).rejects.toMatchObject({ status: 503 });
    expect(asked).toHaveLength(1);
    time += 1;
    expect(await idOf()).toBe('session-2');
  });

  test('one role’s refusal is no other’s', async () => {
    answers = [denied()];
    await expect(idOf()).rejects.toMatchObject({ status: 503 });
    expect(await idOf({ ...role, session: 'blue' })).toBe('session-2');
  });

  test('one region’s STS says nothing of another’s, and what one gives is good in all', async () => {
    answers = [denied()];
    await expect(idOf()).rejects.toMatchObject({ status: 503 });
    expect((await credentialsOf(role, 'eu-west-1')).accessKeyId).toBe('session-2');
    expect(await idOf()).toBe('session-2');
    expect(asked).toHaveLength(2);
  });

  test('nobody waits for the STS of another region', async () => {
    const silent = Promise.withResolvers<Session>();
    const regions: string[] = [];
    credentialsOf = createAssumedRoles({
      now: () => time,
      assumeRole: async (_, region) => {
        regions.push(region);
        return region === 'us-east-1' ? silent.promise : session(region);
      },
    });
    const waiting = idOf();
    expect((await credentialsOf(role, 'eu-west-1')).accessKeyId).toBe('eu-west-1');
    silent.resolve(session('late'));
    expect(await waiting).toBe('late');
    expect(regions).toEqual(['us-east-1', 'eu-west-1']);
  });

  test('that cannot be renewed are used to their end', async () => {
    await idOf();
    answers = [denied(), denied()];
    time += 56 * minute;
    expect(await idOf()).toBe('session-1');
    expect(await idOf()).toBe('session-1');
    expect(asked).toHaveLength(2);
    time += 4 * minute;
    await expect(idOf()).rejects.toMatchObject({ status: 503 });
  });

  test('are remembered for so many sessions, those used last', async () => {
    await idOf();
    for (let i = 0; i < 1000; i += 1) {
      await idOf({ ...role, session: `s${i}` });
      if (i === 500) await idOf();
    }
    asked.length = 0;
    await idOf();
    expect(asked).toEqual([]);
    await idOf({ ...role, session: 's0' });
    expect(asked).toHaveLength(1);
  });
});
