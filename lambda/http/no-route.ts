import { GatewayError } from '../errors.ts';
import type { Route } from './routes.ts';

/** A path that is not there, with the ones that are: the likeliest first where one can be guessed. */
export function noRoute(method: string, path: string, routes: readonly Route[]): GatewayError {
  const meant = likeliest(path, routes);
  const guess = meant ? ` Did you mean ${nameOf(meant)}?` : '';
  return new GatewayError({
    status: 404,
    reason: 'bad_request',
    code: 'unknown_url',
    message: `No such route: ${method} ${path.slice(0, 200)}.${guess} The base URL ends in /v1, or for Anthropic’s clients before it. Routes: ${routes.map(nameOf).join(', ')}.`,
  });
}

const nameOf = ({ methods, path }: Route): string => `${methods.join('|')} ${path}`;

/** Bases that clients put before a path themselves, once or twice. */
const bases = /^(\/(api|openai|v1))+(?=\/)/;

/** The route whose end the path has, or whose beginning it is: a base that is missing or doubled, a word cut short. */
function likeliest(path: string, routes: readonly Route[]): Route | undefined {
  const asked = path.slice(0, 200).replace(bases, '').replace(/\/+$/, '');
  if (asked.length < 3) return undefined;
  const ends = routes.map((route) => ({ route, end: route.path.replace(bases, '') }));
  const found =
    ends.find(({ end }) => asked === end) ??
    ends.find(({ end }) => asked.endsWith(end)) ??
    ends.find(({ end }) => end.startsWith(asked) || (asked.startsWith(end) && !asked.startsWith(`${end}/`)));
  return found?.route;
}
