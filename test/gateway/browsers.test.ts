import { expect, test } from 'vitest';
import { startStack } from '../support/stack.ts';

test('a page of a browser may ask whatever a route answers', async () => {
  const stack = await startStack({ env: { ALLOWED_ORIGINS: 'https://app.example' } });
  try {
    const origin = new URL(stack.baseUrl).origin;
    const { routes } = (await (await fetch(origin)).json()) as { routes: string[] };
    const asked = routes.flatMap((route) => {
      const [methods = '', path = ''] = route.split(' ');
      return methods.split('|').map((method) => ({ method, path }));
    });
    expect(asked.map(({ method }) => method)).toEqual(expect.arrayContaining(['GET', 'POST', 'DELETE']));
    for (const { method, path } of asked) {
      const headers = { origin: 'https://app.example', 'access-control-request-method': method };
      const answer = await fetch(`${origin}${path}`, { method: 'OPTIONS', headers });
      const allowed = answer.headers.get('access-control-allow-methods')?.split(',');
      expect([path, method, allowed]).toEqual([path, method, expect.arrayContaining([method])]);
    }
  } finally {
    await stack.close();
  }
});
