import { describe, expect, test } from 'vitest';
import { ResponsesEncoder } from '../../../../lambda/apis/responses/encoder.ts';
import type { CalledTool, Rendering } from '../../../../lambda/apis/responses/rendering.ts';
import { writeResponse } from '../../../../lambda/apis/responses/resource.ts';
import { fold } from '../../../../lambda/canonical/fold.ts';
import type { ConverseEvent } from '../../../../lambda/canonical/types.ts';
import { goldenCases } from '../../../support/golden.ts';
import { stateKey, unsealed } from '../../../support/responses.ts';
import { eventsOf, foldResponse } from '../../../support/responses-stream.ts';

interface StreamCase {
  note: string;
  rendering?: Partial<Omit<Rendering, 'tools' | 'stateKey'>> & { tools?: Record<string, CalledTool> };
  events: ConverseEvent[];
  /** The events between the beginning and the end of the response. */
  sse: object[];
  /** The response, without what it repeats of the request. */
  response: object;
}

const head = {
  requestId: 'req_0123456789abcdef0123456789abcdef',
  createdAt: 1_000_000,
  now: () => 1_002_000,
};

function renderingOf({ tools = {}, ...given }: NonNullable<StreamCase['rendering']>): Rendering {
  return {
    echo: { model: 'm' },
    compaction: false,
    references: false,
    ...given,
    stateKey,
    tools: { of: (name) => tools[name] ?? { kind: 'function', name } },
  };
}

function streamed({ rendering = {}, events }: StreamCase, batchSize: number): string {
  const encoder = new ResponsesEncoder(head, renderingOf(rendering));
  let sse = encoder.open('m');
  for (let i = 0; i < events.length; i += batchSize) sse += encoder.push(events.slice(i, i + batchSize));
  return sse + encoder.end();
}

/** What an answer is, beside its beginning and what was asked. */
const own = ({ output, status, incomplete_details, usage, service_tier, bedrock }: Record<string, unknown>) =>
  unsealed({ status, incomplete_details, output, usage, service_tier, bedrock });

describe('Bedrock’s events become those of Responses, and the same answer one resource', () => {
  for (const { name, case: golden } of goldenCases<StreamCase>('responses/stream')) {
    test(`${name} [events]`, () => {
      const sse = streamed(golden, golden.events.length);
      const events = eventsOf(sse);
      expect(unsealed(events.slice(2, -1).map(({ sequence_number: _, ...event }) => event))).toEqual(
        golden.sse,
      );
      expect(own(foldResponse(events))).toEqual(golden.response);
      expect(streamed(golden, 1)).toBe(sse);
    });
    test(`${name} [in one piece]`, () => {
      const rendering = renderingOf(golden.rendering ?? {});
      expect(own(writeResponse(fold(golden.events), { ...head, model: 'm' }, rendering))).toEqual(
        golden.response,
      );
    });
  }
});
