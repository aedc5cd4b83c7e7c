import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Input {
  SecretId?: string;
  SecretString?: string;
  VersionStage?: string;
  VersionStages?: string[];
  MoveToVersionId?: string;
  RemoveFromVersionId?: string;
}

/** Enough of Secrets Manager for the real SDK: AWS JSON 1.1, one secret, its two stages, versions under other labels. */
export async function startSecretsManager(arn: string) {
  const state = {
    arn,
    current: undefined as string | undefined,
    previous: undefined as string | undefined,
    /** Operations called, in order. */
    calls: [] as string[],
    /** When set, every call fails with this error. */
    failure: undefined as { name: string; message: string } | undefined,
    /** When set, what happens right before a version with this content becomes the current one. */
    meanwhile: undefined as ((content: string | undefined) => void) | undefined,
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
  /** Contents by the ids of their versions. */
  const versions = new Map<string, string>();
  const idOf = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 32);
  const put = (text: string, labels: readonly string[]) => {
    // "If this operation creates the first version for the secret, Secrets Manager automatically attaches the staging
    // label AWSCURRENT to it" (the API reference of PutSecretValue).
    const stages = state.current === undefined ? [...new Set([...labels, 'AWSCURRENT'])] : labels;
    const id = idOf(text);
    versions.set(id, text);
    if (stages.includes('AWSCURRENT')) [state.previous, state.current] = [state.current, text];
    return { status: 200, body: { ARN: arn, VersionId: id, VersionStages: stages } };
  };
  const move = (stage: string, to: string, from: string | undefined) => {
    if (stage !== 'AWSCURRENT') throw new Error(`not simulated: a move of ${stage}`);
    const text = versions.get(to);
    state.meanwhile?.(text);
    if (text === undefined) return fail('ResourceNotFoundException', `There is no version ${to}.`);
    const has = state.current === undefined ? undefined : idOf(state.current);
    if (has !== from) {
      const words = `The parameter RemoveFromVersionId can't be empty. Staging label AWSCURRENT is currently attached to version ${has}, so you must explicitly reference that version in RemoveFromVersionId.`;
      return fail('InvalidParameterException', words);
    }
    return put(text, ['AWSCURRENT']);
  };
  const answer = (operation: string, input: Input) => {
    if (state.failure) return fail(state.failure.name, state.failure.message);
    if (input.SecretId !== arn) {
      return fail('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
    }
    if (operation === 'PutSecretValue')
      return put(String(input.SecretString), input.VersionStages ?? ['AWSCURRENT']);
    if (operation === 'UpdateSecretVersionStage')
      return move(String(input.VersionStage), String(input.MoveToVersionId), input.RemoveFromVersionId);
    const text = input.VersionStage === 'AWSPREVIOUS' ? state.previous : state.current;
    if (text === undefined) {
      const message = `Secrets Manager can't find the specified secret value for staging label: ${input.VersionStage}`;
      return fail('ResourceNotFoundException', message);
    }
    const body = { ARN: arn, VersionId: idOf(text), SecretString: text, CreatedDate: Date.now() / 1000 };
    return { status: 200, body };
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
