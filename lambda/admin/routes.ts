import type { Context, Next } from 'hono';
import { html } from 'hono/html';
import type { GatewayEnv } from '../apis/shared/env.ts';
import type { DigestedKey } from '../auth/digest.ts';
import { StoreError } from '../store/store-error.ts';
import { download, file, page, redirect } from './answers.ts';
import type { Attempts } from './attempts.ts';
import { playgroundScript } from './browser/playground.ts';
import { csvOf, linesOf, type TableName, tables } from './export.ts';
import type { Figures } from './figures.ts';
import { layout, linkPage, messagePage, signInPage } from './layout.ts';
import { playgroundPage } from './playground-page.ts';
import {
  foreignForm,
  hasFormToken,
  isFromHere,
  type Session,
  sessionOf,
  signIn,
  signInByLink,
} from './sign-in.ts';
import { style } from './style.ts';
import { usagePage } from './usage-page.ts';

export interface AdminOptions {
  keys: () => Promise<readonly DigestedKey[]>;
  /** The same, looked at again: a key that is not known may be new. */
  newKeys: () => Promise<readonly DigestedKey[]>;
  attempts: Attempts;
  /** Of one key, or of all; undefined: nothing is counted. Rejects with StoreError. */
  figures: ((key: string | undefined) => Promise<Figures>) | undefined;
  /** Names of the models that a key may ask for an answer. */
  modelsFor: (c: Context<GatewayEnv>, key: DigestedKey) => Promise<string[]>;
  /** Sends a chat as this key. */
  chat: (c: Context<GatewayEnv>, key: DigestedKey, body: string) => Promise<Response>;
  /** Epoch milliseconds. */
  now: () => number;
  maxBodyBytes: number;
}

const formBytes = 8192;
/** A key with a name such as this has never been anywhere. */
const isName = /^[\w .@:/-]{1,64}$/;

/**
 * Everything below `/admin`. There is none of it before a key has the right `admin`: the path is one like any other that
 * is not there.
 */
export function adminRoutes(options: AdminOptions) {
  return async (c: Context<GatewayEnv>, next: Next): Promise<Response | undefined> => {
    const keys = await options.keys();
    if (!keys.some((key) => key.principal.admin && isOpen(key, options.now()))) {
      await next();
      return undefined;
    }
    c.get('request').trace.note({ api: 'admin' });
    const session = sessionOf(c.req.raw.headers, keys, options.now());
    if (session) c.get('request').trace.note({ key: session.key.principal.name });
    const path = c.req.path.slice('/admin'.length);
    if (c.req.method === 'POST') return post(c, path, session, options);
    if (c.req.method !== 'GET')
      return page(messagePage('Not allowed', 'This address takes GET.'), 405, { allow: 'GET, POST' });
    return get(c, path, session, options);
  };
}

const isOpen = ({ revoked, expiresAt }: DigestedKey, now: number) =>
  !revoked && (expiresAt === undefined || expiresAt > now);

const notFound = () => page(messagePage('Not found', 'There is nothing at this address.'), 404);

async function get(
  c: Context<GatewayEnv>,
  path: string,
  session: Session | undefined,
  options: AdminOptions,
): Promise<Response> {
  if (path === '/style.css') return file(style, 'text/css');
  if (path === '/playground.js') return file(playgroundScript(), 'text/javascript');
  if (path === '/link') return page(linkPage((c.req.query('token') ?? '').slice(0, 600)));
  if (!session) return page(signInPage(), path === '' ? 200 : 401);
  if (path === '') return usage(c, session, options);
  if (path === '/playground') {
    const models = await options.modelsFor(c, session.key);
    const content = playgroundPage(models, session.formToken);
    return page(layout({ title: 'Playground', session: shown(session), here: '/admin/playground' }, content));
  }
  const [, table, form] = /^\/(\w+)\.(csv|json)$/.exec(path) ?? [];
  if (form !== undefined && tables.includes(table as TableName))
    return taken(c, session, options, table as TableName, form);
  return notFound();
}

const shown = ({ key, formToken }: Session) => ({ key: key.principal.name, formToken });

/** Whose use is asked for: that of all, or of one key; `false`: none that this one may see. */
async function askedKey(
  c: Context<GatewayEnv>,
  { key }: Session,
  { keys }: AdminOptions,
): Promise<string | undefined | false> {
  const { name, admin } = key.principal;
  const asked = c.req.query('key');
  if (!admin) return asked === undefined || asked === name ? name : false;
  if (asked === undefined) return undefined;
  return isName.test(asked) && (await keys()).some((each) => each.principal.name === asked) ? asked : false;
}

async function usage(c: Context<GatewayEnv>, session: Session, options: AdminOptions): Promise<Response> {
  return withFigures(c, session, options, (figures, key) => {
    const by = c.req.query('by') === 'key' ? 'key' : 'model';
    const isAdmin = session.key.principal.admin === true;
    const content = usagePage({ figures, key, by, isAdmin });
    return page(layout({ title: 'Usage', session: shown(session), here: '/admin' }, content));
  });
}

async function taken(
  c: Context<GatewayEnv>,
  session: Session,
  options: AdminOptions,
  table: TableName,
  form: string,
): Promise<Response> {
  return withFigures(c, session, options, (figures) => {
    const lines = linesOf(figures, table);
    const name = `${table}-${figures.days.at(-1)}.${form}`;
    return form === 'csv'
      ? download(csvOf(lines), 'text/csv', name)
      : download(JSON.stringify(lines, null, 1), 'application/json', name);
  });
}

async function withFigures(
  c: Context<GatewayEnv>,
  session: Session,
  options: AdminOptions,
  show: (figures: Figures, key: string | undefined) => Response,
): Promise<Response> {
  const key = await askedKey(c, session, options);
  if (key === false) return notFound();
  const say = (text: string, status: number) =>
    page(layout({ title: 'Usage', session: shown(session), here: '/admin' }, html`<p>${text}</p>`), status);
  if (!options.figures)
    return say('Nothing is counted: this gateway has no table (gateway.limits, LIMITS_TABLE).', 200);
  try {
    return show(await options.figures(key), key);
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    return say('The table that counts what is used does not answer. Its error is in the log.', 503);
  }
}

async function post(
  c: Context<GatewayEnv>,
  path: string,
  session: Session | undefined,
  options: AdminOptions,
): Promise<Response> {
  const { headers } = c.req.raw;
  const isChat = path === '/playground/chat';
  if (!isFromHere(headers)) return foreignForm();
  const length = Number(headers.get('content-length') ?? Number.NaN);
  if (!(length <= (isChat ? options.maxBodyBytes : formBytes)))
    return page(
      messagePage('Too large', 'What was sent is too large, or does not say how large it is.'),
      413,
    );
  if (isChat) {
    if (!session || !hasFormToken(session, headers.get('x-form-token'))) return refusedCall();
    return options.chat(c, session.key, await c.req.raw.text());
  }
  const form = new URLSearchParams(await c.req.raw.text());
  if (path === '/sign-in') return signIn(form.get('key') ?? '', () => options.newKeys(), options);
  if (path === '/link') return signInByLink(form.get('token') ?? '', await options.keys(), options.now());
  if (path !== '/sign-out') return notFound();
  if (!session || !hasFormToken(session, form.get('form_token'))) return foreignForm();
  return redirect('/admin', { value: '', seconds: 0 });
}

const refusedCall = () =>
  Response.json(
    {
      error: {
        message: 'The session is over, or this is no call of its page. Sign in again.',
        code: 'forbidden',
      },
    },
    { status: 403 },
  );
