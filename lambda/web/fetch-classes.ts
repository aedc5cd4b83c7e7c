/**
 * What stands in the function's bundle wherever `Headers`, `Request`, `Response` and `ReadableStream` do
 * (esbuild's `inject`). Node's own are part of its HTTP client, undici, and of its web streams, which are loaded
 * with the first of them: a sixth of the cold start, for classes that here only carry values from one function
 * to the next. Nothing in the bundle calls `fetch`.
 */
export { Headers } from './headers.ts';
export { ReadableStream } from './readable-stream.ts';
export { Request } from './request.ts';
export { Response } from './response.ts';
