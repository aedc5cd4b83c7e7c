import { InvokeModelCommand, type InvokeModelCommandInput } from '@aws-sdk/client-bedrock-runtime';
import type { BedrockClients } from '../../bedrock/clients.ts';
import type { WireInput } from '../../bedrock/operations.ts';
import { members, parseJson, text } from '../../canonical/json.ts';
import type { GuardrailConfig } from '../../canonical/types.ts';
import { readText, type Sent, sendCommand } from '../call.ts';
import { notAnAnswer } from '../errors/incomplete.ts';
import { applyGuardrail, type GuardrailContent } from './apply-guardrail.ts';
import { type Findings, findingsOfChecks, findingsOfGuardrail, harms } from './findings.ts';

export interface ModerateCall extends Sent {
  /** Absent: Bedrock's own checks, which need no guardrail and take texts alone. */
  guardrail?: GuardrailConfig | undefined;
  /** Of one input, which is judged as a whole. */
  content: readonly GuardrailContent[];
}

/** Has Bedrock say what is harmful in an input. Fails only with GatewayError. */
export type Moderate = (call: ModerateCall) => Promise<Findings>;

/** One ApplyGuardrail or InvokeGuardrailChecks a call. */
export function createModerate(clients: BedrockClients): Moderate {
  return async ({ guardrail, content, ...call }) => {
    if (guardrail) {
      const { answer, requestId } = await applyGuardrail(clients, { ...call, guardrail, content, all: true });
      const findings = findingsOfGuardrail(answer);
      if (!findings) throw notAnAnswer(requestId);
      return findings;
    }
    return invokeChecks(clients, content, call);
  };
}

/**
 * What cannot stand in a text that is meant for others. Names, addresses and links can, and a text is not harmful for
 * holding one.
 */
const secrets = [
  'AWS_ACCESS_KEY',
  'AWS_SECRET_KEY',
  'PASSWORD',
  'PIN',
  'CREDIT_DEBIT_CARD_CVV',
  'CREDIT_DEBIT_CARD_EXPIRY',
  'CREDIT_DEBIT_CARD_NUMBER',
  'INTERNATIONAL_BANK_ACCOUNT_NUMBER',
  'SWIFT_CODE',
  'US_BANK_ACCOUNT_NUMBER',
  'US_BANK_ROUTING_NUMBER',
  'US_INDIVIDUAL_TAX_IDENTIFICATION_NUMBER',
  'US_PASSPORT_NUMBER',
  'US_SOCIAL_SECURITY_NUMBER',
  'CA_HEALTH_NUMBER',
  'CA_SOCIAL_INSURANCE_NUMBER',
  'UK_NATIONAL_HEALTH_SERVICE_NUMBER',
  'UK_NATIONAL_INSURANCE_NUMBER',
  'UK_UNIQUE_TAXPAYER_REFERENCE_NUMBER',
  'DRIVER_ID',
];
const attacks = ['JAILBREAK', 'PROMPT_INJECTION', 'PROMPT_LEAKAGE'];

const checks = {
  contentFilter: { categories: harms.map((category) => ({ category })) },
  promptAttack: { categories: attacks.map((category) => ({ category })) },
  sensitiveInformation: { entities: secrets.map((type) => ({ type })) },
};

/**
 * A call of InvokeModel with a path of its own, as OpenAI's Responses is one: the operation has no other parameters
 * (https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_InvokeGuardrailChecks.html).
 */
async function invokeChecks(
  clients: BedrockClients,
  content: readonly GuardrailContent[],
  call: Sent,
): Promise<Findings> {
  const texts = content.flatMap((each) => ('text' in each ? [{ text: each.text.text }] : []));
  const wire: WireInput = {
    modelId: '',
    ownPath: 'guardrail-checks/invoke',
    wireBody: { messages: [{ role: 'user', content: texts }], checks },
  };
  const command = new InvokeModelCommand(wire as unknown as InvokeModelCommandInput);
  const answered = await sendCommand(clients, command, call);
  const answer = parseJson(await readText(answered.body, call))?.value;
  const findings = findingsOfChecks(answer);
  if (findings) return findings;
  // Status 200 from a path that is not there: `{"Output": {"__type": "…#UnknownOperationException"}}`.
  const name = text(members(members(answer).Output).__type)?.replace(/^.*#/, '');
  throw notAnAnswer(answered.requestId, name === undefined ? {} : { name });
}
