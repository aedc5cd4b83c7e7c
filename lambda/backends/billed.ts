import type { BedrockClients } from '../bedrock/clients.ts';
import type { WireInput } from '../bedrock/operations.ts';
import type { BackendCall, Billing, CallerCredentials } from './backend.ts';

/** What is read, and changed, of a command's input. */
type Billable = Partial<WireInput> & { body?: Uint8Array; projectIdentifier?: string };

/**
 * Makes a call one of its key's own on AWS's bill: through the key's application inference profile where it has one
 * for what is called, else for its project, and as its role. Rejects with GatewayError (503), and with the signal's
 * reason as soon as that is aborted: credentials of a role are got for all calls together, and may take longer than one
 * of them has.
 *
 * Of the operations only Converse and InvokeModel know profiles of that kind and projects; OpenAI's paths on the same
 * host, counts of tokens and guardrails do not.
 */
export async function billed(
  clients: Pick<BedrockClients, 'assume'>,
  { role, project, profiles = {} }: Billing,
  {
    target: { id, region },
    signal,
  }: { target: Pick<BackendCall['target'], 'id' | 'region'>; signal: AbortSignal },
  input: Billable,
): Promise<CallerCredentials | undefined> {
  if (runsModel(input)) {
    const own = Object.hasOwn(profiles, id) ? profiles[id] : undefined;
    const profile = own !== undefined && regionOf(own) === region ? own : undefined;
    if (profile !== undefined) input.modelId = profile;
    // Bedrock takes one of the two.
    else if (project !== undefined && !isApplicationProfile(id)) assign(input, project);
  }
  return role && unlessAborted(signal, clients.assume(role, region));
}

function unlessAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    work.finally(() => signal.removeEventListener('abort', stop)).then(resolve, reject);
  });
}

/** Converse has messages, if only an empty list of them, and InvokeModel the body of a model's own. */
const runsModel = ({ ownPath, body, wireBody }: Billable): boolean =>
  ownPath === undefined && (body !== undefined || wireBody?.messages !== undefined);

function assign(input: Billable, projectIdentifier: string): void {
  if (input.wireBody) input.wireBody = Object.assign({}, input.wireBody, { projectIdentifier });
  else input.projectIdentifier = projectIdentifier;
}

const regionOf = (arn: string) => arn.split(':')[3];
const isApplicationProfile = (id: string) => id.includes(':application-inference-profile/');
