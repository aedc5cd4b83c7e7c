import { expect } from 'vitest';

/**
 * Names that every object has without being given them. Tables are asked only for what they hold themselves, so that
 * these mean nothing, wherever a client writes them.
 */
export const ordinaryNames = [
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'valueOf',
  '__defineGetter__',
];

/** Written out, because a literal would set the prototype instead. */
export const member = (name: string, value: unknown) => Object.fromEntries([[name, value]]);

/** The status of an answer that is one of the gateway's own, and no accident. */
export async function statusOf(sent: Promise<Response>): Promise<number> {
  const response = await sent;
  const text = await response.text();
  expect(text).not.toMatch(/internal_error|native code|\[object Object\]/);
  return response.status;
}

/** The statuses of the same request with each of the names. */
export async function statusesOf(send: (name: string) => Promise<Response>): Promise<Set<number>> {
  const statuses = new Set(await Promise.all(ordinaryNames.map((name) => statusOf(send(name)))));
  for (const status of statuses) expect([200, 400, 404]).toContain(status);
  return statuses;
}
