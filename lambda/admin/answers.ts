import type { Html } from './layout.ts';

/** Nothing but what the gateway itself serves: no inline style or script, no frame around it, no form to elsewhere. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'self'",
].join('; ');

export const securityHeaders = {
  'content-security-policy': policy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
} as const;

/** A prefix that browsers hold to: it is sent by https only, to this host alone. */
const cookieName = '__Host-gateway-session';

export function page(content: Html, status = 200, headers: Record<string, string> = {}): Response {
  const all = { 'content-type': 'text/html; charset=utf-8', ...securityHeaders, ...headers };
  return new Response(String(content), { status, headers: all });
}

/** A file of the page. Its content changes with a deployment only. */
export const file = (content: string, type: string): Response =>
  new Response(content, {
    headers: { ...securityHeaders, 'content-type': `${type}; charset=utf-8`, 'cache-control': 'max-age=300' },
  });

/** A table to take along. */
export const download = (content: string, type: string, name: string): Response =>
  new Response(content, {
    headers: {
      ...securityHeaders,
      'content-type': `${type}; charset=utf-8`,
      'content-disposition': `attachment; filename="${name}"`,
    },
  });

/** `seconds`: how long the cookie is kept; 0 takes it away. */
export function redirect(location: string, cookie?: { value: string; seconds: number }): Response {
  const headers = new Headers({ ...securityHeaders, location });
  if (cookie)
    headers.set(
      'set-cookie',
      `${cookieName}=${cookie.value}; Path=/; Max-Age=${cookie.seconds}; HttpOnly; Secure; SameSite=Strict`,
    );
  return new Response(null, { status: 303, headers });
}

export function sessionCookie(headers: Headers): string | undefined {
  const cookies = (headers.get('cookie') ?? '').split(';').map((pair) => pair.trim());
  const prefix = `${cookieName}=`;
  return cookies.find((pair) => pair.startsWith(prefix))?.slice(prefix.length);
}
