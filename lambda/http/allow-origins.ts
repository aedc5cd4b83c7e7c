import type { MiddlewareHandler } from 'hono';
import { cors } from 'hono/cors';
import { exposedHeaders } from './exposed-headers.ts';

/** Lets web pages of these origins call from a browser. */
export function allowOrigins(origins: readonly string[]): MiddlewareHandler {
  return cors({
    origin: origins.includes('*') ? '*' : [...origins],
    // Whatever a route has: answers that are stored and files are deleted.
    allowMethods: ['GET', 'POST', 'DELETE'],
    exposeHeaders: [...exposedHeaders],
  });
}
