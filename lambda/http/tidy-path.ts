import { getPath } from 'hono/utils/url';

/**
 * The path of a request as routes know it. A base URL that ends in a slash makes many clients ask for
 * `/v1//chat/completions` (danny-avila/LibreChat#4756), and some end what they ask for in one.
 */
export function tidyPath(request: Request): string {
  const path = getPath(request);
  if (!path.includes('//') && !path.endsWith('/')) return path;
  return path.replace(/\/{2,}/g, '/').replace(/(?<=.)\/$/, '');
}
