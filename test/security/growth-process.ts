import { fetchableUrls } from '../../lambda/apis/chat-completions/parts.ts';
import { readParameters, translateChat } from '../../lambda/apis/chat-completions/request.ts';
import { deriveStateKey } from '../../lambda/auth/state-key.ts';
import { wireBytes } from '../../lambda/bedrock/operations.ts';
import { GatewayError } from '../../lambda/errors.ts';
import { capabilitiesOf } from '../../lambda/models/families/capabilities-of.ts';
import { fit as fitTo } from '../support/fit.ts';
import { hostileRequests } from '../support/hostile-requests.ts';
import { type Outcome, printGrowth } from './growth.ts';

/** What each hostile request to Chat Completions becomes. */

const models = [
  'us.anthropic.claude-sonnet-4-5-20250929-v1:0',
  'us.meta.llama3-3-70b-instruct-v1:0',
  'mistral.mistral-large-2402-v1:0',
];
const stateKey = deriveStateKey('growth');

/** Everything between the client's text and Bedrock's, for models of three families. */
function send(text: string): Outcome {
  let sent = 0;
  try {
    for (const model of models) {
      const asked = readParameters(JSON.parse(text), false);
      fetchableUrls(asked.request.messages ?? []);
      const { canonical } = translateChat(asked, { stateKey, fetched: new Map(), bodyBytes: text.length });
      sent = Math.max(sent, wireBytes(fitTo(canonical, capabilitiesOf(model)).request).length);
    }
    return { sent };
  } catch (error) {
    if (error instanceof GatewayError) return { status: error.status };
    throw error;
  }
}

await printGrowth(hostileRequests, send);
