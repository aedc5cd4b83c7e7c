import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { bedrockApiKey, isNothingFound } from '../../lambda/bedrock/sign-in.ts';
import { describe } from './command.ts';
import { adviceFor, errorName } from './doctor-advice.ts';
import type { Finding } from './doctor-finding.ts';

/** How this machine signs in to AWS: looked up as the gateway does for its calls. Bedrock is not asked. */
export async function findCredentials(): Promise<Finding> {
  const key = bedrockApiKey();
  try {
    await defaultProvider()();
    if (key === undefined) return { state: 'good', text: 'credentials: found' };
    return {
      state: 'note',
      text: 'credentials: found; the Bedrock API key in AWS_BEARER_TOKEN_BEDROCK is not used beside them',
      todo: 'To sign in with the key, unset AWS_PROFILE and the AWS_ACCESS_KEY_ID pair; otherwise unset the key.',
    };
  } catch (error) {
    if (key !== undefined && isNothingFound(error)) {
      return { state: 'good', text: 'credentials: the Bedrock API key in AWS_BEARER_TOKEN_BEDROCK' };
    }
    if (isNothingFound(error)) {
      return { state: 'bad', text: `credentials: ${errorName(error)}`, todo: adviceFor(error, '') };
    }
    const todo = 'Renew or correct them (`aws sso login`, AWS_PROFILE, ~/.aws), or take them out.';
    return { state: 'bad', text: `credentials: ${describe(error)}`, todo };
  }
}
