import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { statuses as openAi } from '../../lambda/apis/batches/render.ts';
import { statuses as anthropic } from '../../lambda/apis/messages-batches/render.ts';
import { batchBounds } from '../../lambda/batches/bounds.ts';
import { jobStatuses } from '../../lambda/bedrock/invocation-jobs.ts';
import { stackSettings } from '../../lib/settings/stack-settings.ts';

const docs = readFileSync(join(import.meta.dirname, '../../docs/batches.md'), 'utf8');
const names = (cell = '') => [...cell.matchAll(/`([\w-]+)`/g)].map(([, name = '']) => name);

describe('docs/batches.md', () => {
  test('has every state of a job, and what each API calls it', () => {
    const [, table = ''] = /<!-- states:.*?-->\n(.*?)<!-- end -->/s.exec(docs) ?? [];
    const rows = table.split('\n').map((row) => row.split('|').slice(1, 4).map(names));
    const told = rows.flatMap(([jobs = [], one = [], other = []]) =>
      jobs.map((job) => [job, one[0], other[0]]),
    );
    const known = jobStatuses.map((status) => [status, openAi[status], anthropic[status]]);
    expect(told.sort()).toEqual(known.sort());
  });

  test('has the bounds of a batch', () => {
    const { minRequests, requests, inputBytes, lineBytes, models } = batchBounds;
    expect(docs).toContain(`${minRequests} to ${requests.toLocaleString('en-US')}`);
    expect(docs).toContain(`${inputBytes / 1e6} MB, a request ${lineBytes / 1e6} MB`);
    expect([models, docs.includes('up to eight models')]).toEqual([8, true]);
    expect(docs).toContain(`${stackSettings.batchRetentionDays.default} days, or \`batchRetentionDays\``);
  });
});
