import { PlainError } from '../../plain-error.ts';

/** How a person without the key in hand gets it, so that it need not be shown. */
export interface KeySource {
  /** The key itself; asked for only where it is needed. Throws a GatewayNotFound that says what to do. */
  read(): Promise<string>;
  /** A command that prints it, in each kind of shell that has one. */
  command?: { posix: string; powershell?: string; cmd?: string };
  /** Given on the command line, so that it may be shown. */
  given?: string;
}

/** A gateway that clients can be pointed at. */
export interface FoundGateway {
  /** Ends in /v1. */
  baseUrl: string;
  key: KeySource;
  /** Which one it is, for a person. */
  about: string;
}

/** There is no gateway, or no key, where it was looked for; the text says what to do. */
export class GatewayNotFound extends PlainError {
  override name = 'GatewayNotFound';
}

/** The base URL as clients need it: with /v1, without a slash behind it. Throws GatewayNotFound. */
export function toBaseUrl(text: string): string {
  const given = text.trim().replace(/\/+$/, '');
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.search || url.hash || url.username) {
    throw new GatewayNotFound(
      `--url is ${JSON.stringify(text)}: it must be an address such as https://gateway.example.com/v1.`,
    );
  }
  return /\/v1$/.test(given) ? given : `${given}/v1`;
}
