import type { GuardrailConfig } from '../../canonical/types.ts';
import { docs } from '../../docs.ts';
import { type BedrockExtensions, bedrockOwn } from './bedrock-extensions.ts';
import { headerParameters, withHeaders } from './bedrock-headers.ts';
import type { Fields } from './json.ts';
import { type Parameters, used } from './parameters.ts';
import { bedrockParameters } from './schema.ts';

/** A guardrail of the client's own, in the APIs of models that write nothing: as chats take it. */

const { guardrailConfig, guardrail_config } = bedrockParameters;
export const guardrailSchema = { guardrailConfig, guardrail_config };

export const guardrailParameters: Parameters = {
  guardrailConfig: used(
    docs &&
      'A guardrail of the client’s own, `{"guardrailIdentifier", "guardrailVersion"}`; also by the `X-Amzn-Bedrock-Guardrail*` headers. One that is enforced takes its place.',
  ),
  guardrail_config: used(docs && 'The same.'),
};

const names = ['x-amzn-bedrock-guardrailidentifier', 'x-amzn-bedrock-guardrailversion'];

/** A request's body with what headers say of it beside it. */
export function withGuardrailHeaders(headers: Headers, body: Fields): Fields {
  const its = names.flatMap((name): [string, string][] => {
    const value = headers.get(name);
    return value === null ? [] : [[name, value]];
  });
  return withHeaders(headerParameters(new Headers(its)), body);
}

/** The guardrail that a request asks for. */
export const guardrailIn = (
  request: Pick<BedrockExtensions, 'guardrailConfig' | 'guardrail_config'>,
): GuardrailConfig | undefined => {
  const { guardrailConfig, guardrail_config } = request;
  return bedrockOwn({ guardrailConfig, guardrail_config }, {}).guardrailConfig;
};
