import { expect, test } from 'vitest';
import { startRuntimeApi } from './runtime-api.ts';

test.each([
  ['GET', '/', 404],
  ['GET', '/v1/models', 404],
  ['POST', '/2018-06-01/runtime/init', 404],
  ['POST', '/2018-06-01/runtime/invocation/unknown/response', 403],
  ['POST', '/2018-06-01/runtime/invocation/unknown/error', 403],
])('what is not the runtime gets an error and changes nothing: %s %s', async (method, path, status) => {
  const api = await startRuntimeApi();
  try {
    const { status: answered } = await fetch(`http://${api.address}${path}`, { method });
    expect([answered, api.initErrors]).toEqual([status, []]);
  } finally {
    await api.close();
  }
});
