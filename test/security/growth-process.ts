import { Session } from 'node:inspector/promises';
import { fetchableUrls } from '../../lambda/apis/chat-completions/parts.ts';
import { readParameters, translateChat } from '../../lambda/apis/chat-completions/request.ts';
import { deriveStateKey } from '../../lambda/auth/state-key.ts';
import { wireBytes } from '../../lambda/bedrock/operations.ts';
import { GatewayError } from '../../lambda/errors.ts';
import { capabilitiesOf } from '../../lambda/models/families/capabilities-of.ts';
import { fit as fitTo } from '../support/fit.ts';
import { hostileRequests } from '../support/hostile-requests.ts';

/**
 * What each hostile request becomes, and in how many steps: the blocks of the gateway's own code that V8 counts
 * while a request is read and fitted. A process of its own, because the counts are the whole process's, and so
 * that it can be ended. Prints one line of JSON for each request.
 */

export interface Growth {
  name: string;
  /** Steps at one size, and at twice that. */
  steps: [number, number];
  /** What became of a request of megabytes: the bytes it has, the bytes that would be sent, or the error. */
  large: { bytes: number; sent?: number; status?: number };
}

const models = [
  'us.anthropic.claude-sonnet-4-5-20250929-v1:0',
  'us.meta.llama3-3-70b-instruct-v1:0',
  'mistral.mistral-large-2402-v1:0',
];
const stateKey = deriveStateKey('growth');
const size = 1000;
const largeBytes = 1_000_000;

const session = new Session();
session.connect();
await session.post('Profiler.enable');
await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });

for (const [name, make] of Object.entries(hostileRequests)) {
  const [once, twice] = [JSON.stringify(make(size)), JSON.stringify(make(2 * size))];
  send(once);
  const steps: [number, number] = [await stepsOf(once), await stepsOf(twice)];
  const perItem = (twice.length - once.length) / size;
  const large = JSON.stringify(make(Math.ceil(largeBytes / perItem)));
  const growth: Growth = { name, steps, large: { bytes: large.length, ...send(large) } };
  process.stdout.write(`${JSON.stringify(growth)}\n`);
}
session.disconnect();

async function stepsOf(body: string): Promise<number> {
  await session.post('Profiler.takePreciseCoverage');
  send(body);
  const { result } = await session.post('Profiler.takePreciseCoverage');
  const own = result.filter(({ url }) => url.includes('/lambda/'));
  const ranges = own.flatMap(({ functions }) => functions.flatMap((each) => each.ranges));
  return ranges.reduce((sum, { count }) => sum + count, 0);
}

/** Everything between the client's text and Bedrock's, for models of three families. */
function send(text: string): { sent?: number; status?: number } {
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
