import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { bedrockApiKey, isNothingFound } from '../../lambda/bedrock/sign-in.ts';
import { describe } from './command.ts';
import { endOf, sourceOf } from './credential-source.ts';
import { adviceFor, errorName } from './doctor-advice.ts';
import type { Finding } from './doctor-finding.ts';

/** `signIn`: what calls are signed with; undefined where there is nothing that works. */
export interface CredentialsFinding extends Finding {
  signIn?: 'credentials' | 'bedrock-api-key';
}

/** How this machine signs in to AWS: looked up as the gateway does for its calls. Bedrock is not asked. */
export async function findCredentials(): Promise<CredentialsFinding> {
  const key = bedrockApiKey();
  try {
    const found = await defaultProvider()();
    const ends = endOf(found, Date.now());
    const text = `credentials: from ${sourceOf(found)}${ends ? `; ${ends}` : ''}`;
    if (key === undefined) return { state: 'good', text, signIn: 'credentials' };
    return {
      state: 'note',
      signIn: 'credentials',
      text: `${text}; the Bedrock API key in AWS_BEARER_TOKEN_BEDROCK is not used beside them`,
      todo: 'To sign in with the key, unset AWS_PROFILE and the AWS_ACCESS_KEY_ID pair; otherwise unset the key.',
    };
  } catch (error) {
    if (key !== undefined && isNothingFound(error)) {
      const text = 'credentials: the Bedrock API key in AWS_BEARER_TOKEN_BEDROCK';
      return { state: 'good', text, signIn: 'bedrock-api-key' };
    }
    if (isNothingFound(error)) {
      return { state: 'bad', text: `credentials: ${errorName(error)}`, todo: adviceFor(error, '') };
    }
    const todo = 'Renew or correct them (`aws sso login`, AWS_PROFILE, ~/.aws), or take them out.';
    return { state: 'bad', text: `credentials: ${describe(error)}`, todo };
  }
}
