import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Enough of Secrets Manager for the real SDK: AWS JSON 1.1, one secret, its two stages. */
export async function startSecretsManager(arn: string) {
  const state = {
    arn,
    current: undefined as string | undefined,
    previous: undefined as string | undefined,
    /** Operations called, in order. */
    calls: [] as string[],
    /** When set, every call fails with this error. */
    failure: undefined as { name: string; message: string } | undefined,
    /** When set, no call is answered before this. */
    held: undefined as Promise<void> | undefined,
  };
  const server = createServer(async (request, response) => {
    const operation = String(request.headers['x-amz-target']).replace('secretsmanager.', '');
    const input = JSON.parse(await textOf(request));
    state.calls.push(operation);
    await state.held;
    const { status, body } = answer(operation, input);
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
  });
  const fail = (name: string, message: string) => ({ status: 400, body: { __type: name, message } });
  const answer = (operation: string, input: Record<string, string>) => {
    if (state.failure) return fail(state.failure.name, state.failure.message);
    if (input.SecretId !== arn) {
      return fail('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
    }
    if (operation === 'PutSecretValue') {
      state.previous = state.current;
      state.current = input.SecretString;
      return { status: 200, body: { ARN: arn, VersionStages: ['AWSCURRENT'] } };
    }
    const text = input.VersionStage === 'AWSPREVIOUS' ? state.previous : state.current;
    if (text === undefined) {
      const message = `Secrets Manager can't find the specified secret value for staging label: ${input.VersionStage}`;
      return fail('ResourceNotFoundException', message);
    }
    return { status: 200, body: { ARN: arn, SecretString: text, CreatedDate: Date.now() / 1000 } };
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    state,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      return closed;
    },
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
