import { ApplyGuardrailCommand, type ApplyGuardrailCommandInput } from '@aws-sdk/client-bedrock-runtime';
import type { BedrockClients } from '../../bedrock/clients.ts';
import type { GuardrailWireInput } from '../../bedrock/operations.ts';
import type { GuardrailConfig } from '../../canonical/types.ts';
import { readText, type Sent, sendCommand } from '../call.ts';
import { notAnAnswer } from '../errors/incomplete.ts';
import { type Verdict, verdictIn } from './verdict.ts';

export interface AssessCall extends Sent {
  guardrail: GuardrailConfig;
  text: string;
}

/** Has a guardrail assess a text that is about to be sent to `target`. Fails only with GatewayError. */
export type Assess = (call: AssessCall) => Promise<Verdict>;

/** One ApplyGuardrail a call, in the region and with the credentials that the model is called with. */
export function createAssess(clients: BedrockClients): Assess {
  return async ({ guardrail, text, ...call }) => {
    const answered = await sendCommand(clients, new ApplyGuardrailCommand(input(guardrail, text)), call);
    const verdict = verdictIn(parsed(await readText(answered.body, call)));
    if (!verdict) throw notAnAnswer(answered.requestId);
    return verdict;
  };
}

/** The command's type asks for the input of its schema; WireProtocol takes this instead. */
function input(guardrail: GuardrailConfig, text: string): ApplyGuardrailCommandInput {
  const { guardrailIdentifier, guardrailVersion } = guardrail;
  const wire: GuardrailWireInput = {
    guardrailIdentifier,
    guardrailVersion,
    wireBody: { source: 'INPUT', content: [{ text: { text } }] },
  };
  return wire as unknown as ApplyGuardrailCommandInput;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
