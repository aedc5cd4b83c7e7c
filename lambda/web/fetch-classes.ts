/**
 * What stands in the function's bundle wherever `Headers`, `Request` and `Response` do (esbuild's `inject`).
 * Node's own are part of its HTTP client, undici, which is loaded with the first of them and costs 15 ms of a
 * cold start of 110 (`npm run bench:cold`): with it, the goal of 2.5 times an echo handler is out of reach. Here
 * they only carry values from one function to the next, and nothing in the bundle calls `fetch`. A test holds
 * them to Node's.
 */
export { Headers } from './headers.ts';
export { Request } from './request.ts';
export { Response } from './response.ts';
