/**
 * The error in an answer of AWS's JSON protocols, as the SDK throws it: named by the header or the body, with
 * the members that Bedrock's exceptions have beside their message. On the paths of OpenAI's APIs the model's refusals
 * have OpenAI's envelope, `{"error": {"message", "type", "param", "code"}}`, and no exception's name; what the front door
 * refuses has AWS's.
 */
export function exceptionOf(headers: Record<string, string>, text: string, status: number): Error {
  let body: Record<string, unknown> = {};
  try {
    body = (text === '' ? {} : JSON.parse(text)) ?? {};
  } catch {
    // What a proxy answers is not JSON.
    return named(new Error(`answer of status ${status} without a JSON body`), 'Unreadable');
  }
  const { message, Message, code, __type, originalStatusCode, originalMessage } = body;
  const name = headers['x-amzn-errortype'] ?? code ?? __type ?? 'Unknown';
  const ofApi = body.error as { message?: unknown; param?: unknown } | null | undefined;
  const said = message ?? Message ?? ofApi?.message;
  const error = named(new Error(String(said ?? 'UnknownError')), String(name));
  return Object.assign(error, { originalStatusCode, originalMessage, param: ofApi?.param });
}

/** `com.amazon.coral.service#ThrottlingException:http://…` → `ThrottlingException`. */
function named(error: Error, name: string): Error {
  error.name = name.split(/[,:]/)[0]!.split('#').at(-1)!;
  return error;
}

export async function textOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of body) parts.push(part);
  return Buffer.concat(parts).toString();
}
