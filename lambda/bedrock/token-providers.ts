/**
 * In place of `@aws-sdk/token-providers` in the function's bundle: its tokens come from a laptop's SSO session. The
 * gateway hands its clients the one token that it uses, a Bedrock API key (`bedrockToken`).
 */
export const nodeProvider = () => noToken;
export const fromEnvSigningName = () => noToken;

async function noToken(): Promise<never> {
  throw new Error('there are no bearer tokens on Lambda');
}
