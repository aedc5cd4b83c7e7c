import type { HttpRequest, HttpResponse } from '@smithy/core/transport';
import { SignatureV4 } from '@smithy/signature-v4';
import type { AwsCredentialIdentity, AwsCredentialIdentityProvider, HttpHandlerOptions } from '@smithy/types';
import { defaultProvider } from './credentials.ts';
import { endpointOf, type Service } from './endpoint.ts';
import { Sha256 } from './sha256.ts';
import { bedrockApiKey, signInWith } from './sign-in.ts';

/** What is read of the settings that the SDK's clients take. */
export interface ClientSettings {
  region: string;
  requestHandler: {
    handle(request: HttpRequest, options?: HttpHandlerOptions): Promise<{ response: HttpResponse }>;
  };
  credentials?: AwsCredentialIdentity | AwsCredentialIdentityProvider;
  /** Where credentials are looked for when there are none; default: where Lambda has them. */
  chain?: AwsCredentialIdentityProvider;
  endpoint?: string;
  customUserAgent?: string;
}

export interface Endpoint {
  protocol: string;
  hostname: string;
  port?: number;
  /** Without a slash at its end. */
  path: string;
}

/** Signs in and sends requests to one service of one region. No retries: `maxAttempts` is 1 or the caller's loop. */
export interface SignedCall {
  endpoint(): Promise<Endpoint>;
  send(request: HttpRequest, options?: HttpHandlerOptions): Promise<HttpResponse>;
}

export function signedCall(service: Service, settings: ClientSettings): SignedCall {
  const { region, requestHandler, customUserAgent } = settings;
  const { chain = defaultProvider() } = settings;
  const credentials = settings.credentials ?? chain;
  const signer = new SignatureV4({ service: service.signedFor, region, credentials, sha256: Sha256 });
  const mayUseKey = service.takesApiKeys === true && settings.credentials === undefined;
  const signIn = signInWith(chain);
  const onLambda = process.env.AWS_LAMBDA_FUNCTION_NAME !== undefined;
  let endpoint: Endpoint | undefined;
  return {
    async endpoint() {
      endpoint ??= partsOf(settings.endpoint ? new URL(settings.endpoint) : endpointOf(service, region));
      return endpoint;
    },
    async send(request, options) {
      Object.assign(request.headers, {
        host: request.port === undefined ? request.hostname : `${request.hostname}:${request.port}`,
        'content-length': String(request.body.byteLength),
        'user-agent': customUserAgent ?? 'bedrock-gateway',
        ...(onLambda && traceHeader()),
      });
      const bearer = mayUseKey && (await signIn()) === 'httpBearerAuth';
      if (bearer) request.headers.authorization = `Bearer ${bedrockApiKey()}`;
      const signed = bearer ? request : ((await signer.sign(request)) as HttpRequest);
      return (await requestHandler.handle(signed, options)).response;
    },
  };
}

function partsOf({ protocol, hostname, port, pathname }: URL): Endpoint {
  return { protocol, hostname, ...(port && { port: Number(port) }), path: pathname.replace(/\/$/, '') };
}

/** Joins the traces of caller and called, and lets Lambda notice functions that call each other for ever. */
function traceHeader(): Record<string, string> {
  const { _X_AMZN_TRACE_ID: traceId } = process.env;
  return traceId ? { 'x-amzn-trace-id': traceId } : {};
}
