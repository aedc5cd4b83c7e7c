import { limitsTable } from './limited.ts';
import type { Stack } from './stack.ts';

/** The pages below `/admin`, as a browser without script would use them. */
export interface Browser {
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  post(path: string, form: Record<string, string>, headers?: Record<string, string>): Promise<Response>;
  /** The cookie, once there is one. */
  cookie(): string | undefined;
}

export function browser(stack: Stack): Browser {
  const root = stack.baseUrl.replace(/\/v1$/, '');
  let cookie: string | undefined;
  const send = async (path: string, init: RequestInit) => {
    const headers = new Headers(init.headers);
    if (cookie) headers.set('cookie', cookie);
    const response = await fetch(`${root}${path}`, { ...init, headers, redirect: 'manual' });
    const set = response.headers.getSetCookie()[0];
    if (set) cookie = /Max-Age=0\b/.test(set) ? undefined : set.split(';')[0];
    return response;
  };
  return {
    get: (path, headers) => send(path, { headers: { ...headers } }),
    post: (path, form, headers) =>
      send(path, {
        method: 'POST',
        body: new URLSearchParams(form).toString(),
        headers: { ...ofForm, ...headers },
      }),
    cookie: () => cookie,
  };
}

const ofForm = { 'content-type': 'application/x-www-form-urlencoded' };

/** Signed in with the key `sk-<name>`. */
export async function signedIn(stack: Stack, name: string): Promise<Browser> {
  const page = browser(stack);
  const response = await page.post('/admin/sign-in', { key: `sk-${name}` });
  if (response.status !== 303) throw new Error(`Signing in: ${response.status} ${await response.text()}`);
  return page;
}

/** The token that the forms of a page carry. */
export async function formToken(page: Browser): Promise<string> {
  return /name="form_token" value="([^"]+)"/.exec(await (await page.get('/admin')).text())?.[1] ?? '';
}

/** Puts an item of a day into the simulator's table. */
export function addDay(
  stack: Stack,
  day: string,
  key: string,
  model: string,
  counters: Record<string, number>,
): void {
  const counted = Object.entries(counters).map(([name, value]) => [name, { N: String(value) }]);
  const item = { pk: { S: `DAY#${day}` }, sk: { S: `${key}#${model}` }, ...Object.fromEntries(counted) };
  stack.simulator.dynamoDb.tables.find(limitsTable).put(item, 'Item size');
}
