/** How a call to Bedrock shows who it comes from, in the SDK's names. */
export type SignIn = 'sigv4' | 'httpBearerAuth';

/** How long it is believed that there are no AWS credentials: whoever logs in is noticed without a restart. */
const recheckMs = 300_000;

/** The Bedrock API key of the environment; the SDK's variable. */
export const bedrockApiKey = (): string | undefined =>
  process.env.AWS_BEARER_TOKEN_BEDROCK?.trim() || undefined;

/** The same as the SDK's clients take it. */
export const bedrockToken = async (): Promise<{ token: string }> => ({ token: bedrockApiKey() ?? '' });

/**
 * Chooses how the gateway signs in, for the clients of one region: with AWS credentials wherever there are any, and
 * with the Bedrock API key where nothing else is found. The SDK by itself prefers the key, and a stray one would
 * silently take the place of a role. `credentials`: the chain that the client has; it is asked only where there is
 * a key, and no more once it has found something. Credentials that are there and do not work are no reason to turn
 * to the key: their failure is what the operator has to see.
 */
export function signInWith(credentials: () => Promise<unknown>, now = Date.now): () => Promise<SignIn> {
  let known: { signIn: SignIn; until: number } | undefined;
  return async () => {
    if (bedrockApiKey() === undefined) return 'sigv4';
    if (known && now() < known.until) return known.signIn;
    const signIn = (await findsNothing(credentials)) ? 'httpBearerAuth' : 'sigv4';
    known = { signIn, until: signIn === 'sigv4' ? Number.POSITIVE_INFINITY : now() + recheckMs };
    return signIn;
  };
}

async function findsNothing(credentials: () => Promise<unknown>): Promise<boolean> {
  try {
    await credentials();
    return false;
  } catch (error) {
    return isNothingFound(error);
  }
}

/**
 * Whether looking for credentials has failed because there are none. It is the end of the SDK's chain; a source that
 * is there and fails mostly ends the chain earlier, and one that the environment names is there whatever is said.
 */
export const isNothingFound = (error: unknown): boolean =>
  error instanceof Error &&
  error.name === 'CredentialsProviderError' &&
  error.message.startsWith(noCredentialsText) &&
  !namedSources.some((name) => process.env[name]);

/** AWS_PROFILE is none of them: many profiles hold a region and no credentials. */
const namedSources = [
  'AWS_ACCESS_KEY_ID',
  'AWS_CONTAINER_CREDENTIALS_FULL_URI',
  'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
];

export const noCredentialsText = 'Could not load credentials from any providers';
