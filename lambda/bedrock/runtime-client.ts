import type { HttpHandlerOptions } from '@smithy/types';
import { bedrockRuntime } from './endpoint.ts';
import { type GuardrailWireInput, type WireInput, WireProtocol } from './operations.ts';
import { type ClientSettings, type SignedCall, signedCall } from './signed-call.ts';

/**
 * In place of `@aws-sdk/client-bedrock-runtime` in the function's bundle, for the six operations that the
 * gateway calls: the same WireProtocol between the SDK's own signer and its own HTTP handler, without schemas,
 * middleware, retries, event streams and endpoint rules, none of which the gateway lets the SDK do. That is
 * 200 KB with Secrets Manager's client, and a fifth of the CPU on the way to the first answer. Everywhere else the SDK's client runs, and a test holds the two to the
 * same requests, answers and errors.
 */
export class BedrockRuntimeClient {
  readonly #protocol = new WireProtocol();
  readonly #call: SignedCall;

  constructor(settings: ClientSettings) {
    this.#call = signedCall(bedrockRuntime, settings);
  }

  async send({ operation, input }: Command, options?: HttpHandlerOptions) {
    const request = await this.#protocol.serializeRequest(operation, input, this.#call);
    const response = await this.#call.send(request, options);
    try {
      return await this.#protocol.deserializeResponse(operation, undefined, response);
    } catch (error) {
      throw Object.defineProperty(error as Error, '$response', { value: response });
    }
  }
}

class Command {
  readonly operation: { name: string };
  readonly input: WireInput | GuardrailWireInput;

  constructor(name: string, input: WireInput | GuardrailWireInput) {
    this.operation = { name };
    this.input = input;
  }
}

export class ConverseCommand extends Command {
  constructor(input: WireInput) {
    super('Converse', input);
  }
}
export class ConverseStreamCommand extends Command {
  constructor(input: WireInput) {
    super('ConverseStream', input);
  }
}
export class InvokeModelCommand extends Command {
  constructor(input: WireInput) {
    super('InvokeModel', input);
  }
}
export class InvokeModelWithResponseStreamCommand extends Command {
  constructor(input: WireInput) {
    super('InvokeModelWithResponseStream', input);
  }
}
export class CountTokensCommand extends Command {
  constructor(input: WireInput) {
    super('CountTokens', input);
  }
}
export class ApplyGuardrailCommand extends Command {
  constructor(input: GuardrailWireInput) {
    super('ApplyGuardrail', input);
  }
}
