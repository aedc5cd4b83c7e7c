import { messages } from '../../lambda/apis/messages/api.ts';
import { deriveStateKey } from '../../lambda/auth/state-key.ts';
import { wireBytes } from '../../lambda/bedrock/operations.ts';
import { GatewayError } from '../../lambda/errors.ts';
import { fitMessages } from '../../lambda/fit/messages/index.ts';
import { capabilitiesOf } from '../../lambda/models/families/capabilities-of.ts';
import { fit as fitTo } from '../support/fit.ts';
import { hostileMessages } from '../support/hostile-messages.ts';
import { type Outcome, printGrowth } from './growth.ts';

/** What each hostile request to the Messages API becomes, in the model's own API and by Converse. */

const natives = [
  'us.anthropic.claude-haiku-4-5-20251001-v1:0',
  'us.anthropic.claude-opus-4-6-v1',
  'us.anthropic.claude-sonnet-5-5',
];
const others = ['us.anthropic.claude-sonnet-4-5-20250929-v1:0', 'us.meta.llama3-3-70b-instruct-v1:0'];
const stateKey = deriveStateKey('growth');
const api = messages({ strict: false });

function send(text: string): Outcome {
  let sent = 0;
  try {
    const begun = api.begin(JSON.parse(text), new Headers());
    const { model } = begun.read({ stateKey, fetched: new Map(), bodyBytes: text.length });
    for (const id of model.native ? natives : []) {
      const { native } = fitMessages(model.native!, capabilitiesOf(id), id);
      sent = Math.max(sent, JSON.stringify(native.body).length);
    }
    for (const id of others) {
      sent = Math.max(sent, wireBytes(fitTo(model.canonical(), capabilitiesOf(id)).request).length);
    }
    return { sent };
  } catch (error) {
    if (error instanceof GatewayError) return { status: error.status };
    throw error;
  }
}

await printGrowth(hostileMessages, send, { size: 400, largeBytes: 250_000 });
