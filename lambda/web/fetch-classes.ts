/**
 * What stands in the function's bundle wherever `Headers`, `Request` and `Response` do (esbuild's `inject`).
 * Node's own are part of its HTTP client, undici, which is loaded with the first of them: a sixth of the cold
 * start, for three classes that here only carry values from one function to the next. Nothing in the bundle
 * calls `fetch`.
 */
export { Headers } from './headers.ts';
export { Request } from './request.ts';
export { Response } from './response.ts';
