import { readFileSync } from 'node:fs';
import type { CallLog } from '../../../local/simulator/index.ts';
import { chatCalls } from './upstream.ts';

/** The version of an installed client, for the line that a run prints. */
export function versionOf(name: string): string {
  const manifest = new URL(`../node_modules/${name}/package.json`, import.meta.url);
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
}

/** What went to Bedrock, in a few words: `4 × InvokeModelWithResponseStream`. */
export function countsOf(calls: readonly CallLog[]): string {
  const counts = new Map<string, number>();
  for (const { operation = 'unknown' } of chatCalls(calls))
    counts.set(operation, (counts.get(operation) ?? 0) + 1);
  return [...counts].map(([name, count]) => `${count} × ${name}`).join(', ');
}
