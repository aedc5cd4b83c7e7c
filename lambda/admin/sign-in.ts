import { type DigestedKey, digestOf, findKey } from '../auth/digest.ts';
import { formTokenOf, isSame, readToken, sessionMs, signToken } from '../auth/session.ts';
import { page, redirect, sessionCookie } from './answers.ts';
import type { Attempts } from './attempts.ts';
import { messagePage, signInPage } from './layout.ts';

/** Somebody who has signed in. */
export interface Session {
  key: DigestedKey;
  /** What every form and call of a page that changes or costs something carries. */
  formToken: string;
}

export interface SignInDeps {
  attempts: Attempts;
  /** Epoch milliseconds. */
  now: () => number;
}

export function sessionOf(headers: Headers, keys: readonly DigestedKey[], now: number): Session | undefined {
  const cookie = sessionCookie(headers);
  const key = cookie === undefined ? undefined : readToken(keys, 'session', cookie, now);
  return key && cookie !== undefined ? { key, formToken: formTokenOf(key, cookie) } : undefined;
}

export const hasFormToken = ({ formToken }: Session, given: string | null): boolean =>
  given !== null && isSame(given, formToken);

/**
 * Whether a page of ours has sent this. Browsers say where a request comes from, in a header that no page can set;
 * without it the cookie's SameSite holds, and for signing in there is nothing to lose.
 */
export const isFromHere = (headers: Headers): boolean =>
  ['same-origin', 'none', null].includes(headers.get('sec-fetch-site'));

export const foreignForm = (): Response =>
  page(messagePage('Refused', 'This form was not sent by a page of this gateway, or is too old.'), 403);

/** By key. What the key is compared with, and how long it takes, does not depend on it. */
export async function signIn(
  presented: string,
  keys: () => Promise<readonly DigestedKey[]>,
  { attempts, now }: SignInDeps,
): Promise<Response> {
  const waitMs = await attempts.take();
  if (waitMs !== undefined) return tooMany(waitMs);
  const key = findKey(await keys(), digestOf(presented.trim()), now());
  if (!key) return page(signInPage('This key opens nothing.'), 401);
  await attempts.giveBack();
  return begin(key, now());
}

/** By the address that `gateway admin link` prints: nobody can guess it, so that attempts are not counted. */
export function signInByLink(token: string, keys: readonly DigestedKey[], now: number): Response {
  const key = readToken(keys, 'link', token, now);
  if (!key)
    return page(
      signInPage('This link is not good any more: it lasts five minutes. Make another, or sign in by key.'),
      401,
    );
  return begin(key, now);
}

function begin(key: DigestedKey, now: number): Response {
  const value = signToken(key, 'session', now + sessionMs);
  return redirect('/admin', { value, seconds: sessionMs / 1000 });
}

function tooMany(waitMs: number): Response {
  const seconds = Math.ceil(waitMs / 1000);
  const text = `Too many wrong keys have been tried. Try again in ${Math.ceil(seconds / 60)} min., or sign in by a link: npx gateway admin link.`;
  return page(signInPage(text), 429, { 'retry-after': String(seconds) });
}
