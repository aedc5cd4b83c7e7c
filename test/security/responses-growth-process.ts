import { responses } from '../../lambda/apis/responses/create-api.ts';
import { wireBytes } from '../../lambda/bedrock/operations.ts';
import { GatewayError } from '../../lambda/errors.ts';
import { capabilitiesOf } from '../../lambda/models/families/capabilities-of.ts';
import { fit as fitTo } from '../support/fit.ts';
import { hostileKey, hostileResponses } from '../support/hostile-responses.ts';
import { type Outcome, printGrowth } from './growth.ts';

/** What each hostile request to Responses becomes. */

const models = ['us.anthropic.claude-sonnet-4-5-20250929-v1:0', 'us.meta.llama3-3-70b-instruct-v1:0'];
const api = responses({ strict: false });

function send(text: string): Outcome {
  let sent = 0;
  try {
    const begun = api.begin(JSON.parse(text), new Headers());
    const { model } = begun.read({ stateKey: hostileKey, fetched: new Map(), bodyBytes: text.length });
    for (const id of models) {
      sent = Math.max(sent, wireBytes(fitTo(model.canonical(), capabilitiesOf(id)).request).length);
    }
    return { sent };
  } catch (error) {
    if (error instanceof GatewayError) return { status: error.status };
    throw error;
  }
}

await printGrowth(hostileResponses, send, { size: 1500, largeBytes: 400_000 });
