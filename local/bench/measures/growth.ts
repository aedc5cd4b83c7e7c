import { translateRequest } from '../../../lambda/apis/chat-completions/request.ts';
import { parseBody } from '../../../lambda/apis/shared/body.ts';
import { deriveStateKey } from '../../../lambda/auth/state-key.ts';
import { wireBytes } from '../../../lambda/bedrock/operations.ts';
import type { ConverseRequest } from '../../../lambda/canonical/types.ts';
import { createFit } from '../../../lambda/fit/index.ts';
import { allSteps } from '../../../lambda/fit/on-demand.ts';
import { capabilitiesOf } from '../../../lambda/models/families/capabilities-of.ts';
import { median } from '../statistics.ts';
import { historyOf } from './history.ts';

export interface Growth {
  /** How many times as long as the shortest. */
  times: number;
  bytes: number;
  /** Milliseconds from the text that came in to the request that Bedrock is to be sent: JSON.parse is part of it. */
  translate: number;
  /** Milliseconds for writing that as bytes: JSON.stringify and UTF-8. */
  write: number;
  /** Milliseconds of JSON.parse of the same text. */
  parse: number;
}

const baseTurns = 6;
const fitTo = createFit(await allSteps());

/** Parse, validate, translate, and fit to the model. */
function translate(text: string): ConverseRequest {
  const { canonical } = translateRequest(parseBody(text), { stateKey, strict: false, fetched: new Map() });
  const { request } = fitTo(canonical, capabilitiesOf(canonical.model));
  return request;
}
const stateKey = deriveStateKey('sk-bench');

/** The cost of histories of 1, 10 and 100 times the length, in rounds that take turns. */
export function growth(rounds: number): Growth[] {
  const cases = [1, 10, 100].map((times) => {
    const text = historyOf(baseTurns * times);
    return { times, text, request: translate(text) };
  });
  const taken = cases.map(() => ({
    translate: [] as number[],
    write: [] as number[],
    parse: [] as number[],
  }));
  // The first rounds are for the compiler.
  for (let round = -2; round < rounds; round += 1) {
    for (const [index, { times, text, request }] of cases.entries()) {
      const repeats = Math.ceil(200 / times);
      const translated = timePer(repeats, () => translate(text));
      const written = timePer(repeats, () => wireBytes(request));
      const parsed = timePer(repeats, () => JSON.parse(text));
      if (round < 0) continue;
      taken[index]!.translate.push(translated);
      taken[index]!.write.push(written);
      taken[index]!.parse.push(parsed);
    }
  }
  return cases.map(({ times, text }, index) => ({
    times,
    bytes: Buffer.byteLength(text),
    translate: median(taken[index]!.translate),
    write: median(taken[index]!.write),
    parse: median(taken[index]!.parse),
  }));
}

function timePer(repeats: number, work: () => unknown): number {
  const began = performance.now();
  for (let i = 0; i < repeats; i += 1) work();
  return (performance.now() - began) / repeats;
}
