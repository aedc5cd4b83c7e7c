import { ApplyGuardrailCommand, type ApplyGuardrailCommandInput } from '@aws-sdk/client-bedrock-runtime';
import type { BedrockClients } from '../../bedrock/clients.ts';
import type { GuardrailWireInput } from '../../bedrock/operations.ts';
import { parseJson } from '../../canonical/json.ts';
import type { GuardrailConfig } from '../../canonical/types.ts';
import { readText, type Sent, sendCommand } from '../call.ts';
import { notAnAnswer } from '../errors/incomplete.ts';
import { type Verdict, verdictIn } from './verdict.ts';

export interface AssessCall extends Sent {
  guardrail: GuardrailConfig;
  content: GuardrailContent;
  /** Whose it is; absent: a client's. */
  source?: 'OUTPUT' | undefined;
}

/** Has a guardrail assess what is about to be sent to `target`, or comes from it. Fails only with GatewayError. */
export type Assess = (call: AssessCall) => Promise<Verdict>;

/** One ApplyGuardrail a call, in the region and with the credentials that the model is called with. */
export function createAssess(clients: BedrockClients): Assess {
  return async ({ content, ...call }) => {
    const { answer, requestId } = await applyGuardrail(clients, { ...call, content: [content] });
    const verdict = verdictIn(answer);
    if (!verdict) throw notAnAnswer(requestId);
    return verdict;
  };
}

/** What a guardrail is to look at. */
export type GuardrailContent =
  | { text: { text: string } }
  /** `bytes`: base64. */
  | { image: { format: 'png' | 'jpeg'; source: { bytes: string } } };

export interface ApplyCall extends Sent {
  guardrail: GuardrailConfig;
  content: readonly GuardrailContent[];
  source?: 'OUTPUT' | undefined;
  /** Tell what was assessed and let pass, too. */
  all?: boolean;
}

/** Sends one ApplyGuardrail; what it answers has not been looked at. Throws GatewayError. */
export async function applyGuardrail(
  clients: BedrockClients,
  { guardrail, content, source, all, ...call }: ApplyCall,
): Promise<{ answer: unknown; requestId: string | undefined }> {
  const { guardrailIdentifier, guardrailVersion } = guardrail;
  const wire: GuardrailWireInput = {
    guardrailIdentifier,
    guardrailVersion,
    wireBody: { source: source ?? 'INPUT', content, ...(all && { outputScope: 'FULL' }) },
  };
  // The command's type asks for the input of its schema; WireProtocol takes this instead.
  const command = new ApplyGuardrailCommand(wire as unknown as ApplyGuardrailCommandInput);
  const answered = await sendCommand(clients, command, call);
  return { answer: parseJson(await readText(answered.body, call))?.value, requestId: answered.requestId };
}
