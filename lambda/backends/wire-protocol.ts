import { AwsRestJsonProtocol } from '@aws-sdk/core/protocols';

/**
 * The protocol that the SDK's client is given: the SDK keeps credentials, signing, endpoints and the classes
 * of errors, and both bodies are ours.
 *
 * - Converse and ConverseStream: the canonical request is the JSON of the wire, bytes already in base64, so it
 *   is written as it is instead of being walked along a schema.
 * - Every 2xx: the body is handed over unread. The SDK would take a stream through five nested iterators
 *   (a third of the CPU of a streamed event) and a Converse answer along its schema.
 *
 * It leans on `serializeRequest` and `deserializeResponse` being what a protocol is made of, on
 * `deserializeMetadata`, and on the input's members of the path being serialised without the others.
 */
export class WireProtocol extends AwsRestJsonProtocol {
  override async serializeRequest(...[operation, input, context]: SerializeArguments) {
    const { modelId, wireBody } = input as WireInput;
    if (wireBody === undefined) return super.serializeRequest(operation, input, context);
    const request = await super.serializeRequest(operation, { modelId }, context);
    // Bytes, because a string would be encoded three times: to count, to sign and to send it.
    request.body = Buffer.from(JSON.stringify(wireBody));
    return request;
  }

  override async deserializeResponse<Output>(...[operation, context, response]: DeserializeArguments) {
    const $metadata = this.deserializeMetadata(response);
    if (response.statusCode < 300) {
      return { body: response.body, headers: response.headers, $metadata } as Output;
    }
    try {
      return (await super.deserializeResponse(operation, context, response)) as Output;
    } catch (error) {
      // What a proxy answers is not JSON.
      if (!(error instanceof SyntaxError)) throw error;
      const message = `answer of status ${response.statusCode} without a JSON body`;
      throw Object.assign(new Error(message), { name: 'Unreadable', $metadata });
    }
  }
}

type SerializeArguments = Parameters<AwsRestJsonProtocol['serializeRequest']>;
type DeserializeArguments = Parameters<AwsRestJsonProtocol['deserializeResponse']>;

/** What a command is made with instead of its schema's input: `wireBody` becomes the body. */
export interface WireInput {
  modelId: string;
  wireBody?: unknown;
}
