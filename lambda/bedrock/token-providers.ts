/**
 * In place of `@aws-sdk/token-providers` in the function's bundle: bearer tokens come from a laptop's SSO
 * session, and the gateway's clients are told to sign (`authSchemePreference`).
 */
export const nodeProvider = () => noToken;
export const fromEnvSigningName = () => noToken;

async function noToken(): Promise<never> {
  throw new Error('there are no bearer tokens on Lambda');
}
