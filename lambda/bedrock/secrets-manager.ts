import { HttpRequest } from '@smithy/core/transport';
import { secretsManager } from './endpoint.ts';
import { exceptionOf, textOf } from './exception.ts';
import { type ClientSettings, type SignedCall, signedCall } from './signed-call.ts';

/**
 * In place of `@aws-sdk/client-secrets-manager` in the function's bundle, for the one operation that the
 * function calls (AWS JSON 1.1). Two attempts, as the gateway asks of the SDK's.
 */
export class SecretsManagerClient {
  readonly #call: SignedCall;
  readonly #attempts: number;

  constructor(settings: ClientSettings & { maxAttempts: number }) {
    this.#call = signedCall(secretsManager, settings);
    this.#attempts = settings.maxAttempts;
  }

  async send({ input }: GetSecretValueCommand): Promise<SecretValue> {
    for (let left = this.#attempts - 1; ; left -= 1) {
      try {
        return await this.#once(input);
      } catch (error) {
        if (left === 0 || (error as { $fault?: string }).$fault === 'client') throw error;
      }
    }
  }

  async #once(input: object): Promise<SecretValue> {
    const { path, ...endpoint } = await this.#call.endpoint();
    const request = new HttpRequest({
      ...endpoint,
      method: 'POST',
      path: `${path}/`,
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': 'secretsmanager.GetSecretValue',
      },
      body: Buffer.from(JSON.stringify(input)),
    });
    const { statusCode, headers, body } = await this.#call.send(request);
    const text = await textOf(body);
    if (statusCode >= 300) throw errorOf(statusCode, headers, text);
    const value = JSON.parse(text);
    return {
      SecretString: value.SecretString,
      ...(value.SecretBinary && { SecretBinary: Buffer.from(value.SecretBinary, 'base64') }),
      ...(value.CreatedDate && { CreatedDate: new Date(value.CreatedDate * 1000) }),
    };
  }
}

interface SecretValue {
  SecretString?: string;
  SecretBinary?: Uint8Array;
  CreatedDate?: Date;
}

function errorOf(status: number, headers: Record<string, string>, text: string): Error {
  const error = exceptionOf(headers, text, status);
  const thrown = error.name === notFound ? new ResourceNotFoundException(error.message) : error;
  return Object.assign(thrown, {
    $fault: status < 500 && error.name !== throttled ? 'client' : 'server',
    $metadata: { httpStatusCode: status, requestId: headers['x-amzn-requestid'] },
  });
}

const notFound = 'ResourceNotFoundException';
/** A 400 that passes. */
const throttled = 'ThrottlingException';

export class ResourceNotFoundException extends Error {
  override name = notFound;
}

export class GetSecretValueCommand {
  readonly input: object;

  constructor(input: object) {
    this.input = input;
  }
}
