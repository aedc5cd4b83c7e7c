import { getPath } from 'hono/utils/url';

/**
 * The path of a request as routes know it. A base URL that ends in a slash makes many clients ask for
 * `/v1//chat/completions` (danny-avila/LibreChat#4756), and some end what they ask for in one. Clients of Cohere's rerank have versions of their own, and a base URL
 * without one.
 */
export function tidyPath(request: Request): string {
  return getPath(request)
    .replace(/\/{2,}/g, '/')
    .replace(/(?<=.)\/$/, '')
    .replace(/^(\/cohere)?(\/v[12])?\/rerank$/, '/v1/rerank');
}
