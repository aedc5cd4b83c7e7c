import { type KeyRecord, readRecord } from '../../lambda/auth/key-record.ts';
import { singleKeyName } from '../../lambda/auth/parse-keys.ts';
import type { KeyDocument } from './key-document.ts';
import { shownLimits } from './limit-options.ts';

const heads = [
  'NAME',
  'STATUS',
  'SHA-256',
  'EXPIRES',
  'MODELS',
  'TECHNIQUES',
  'GUARDRAIL',
  'METADATA',
  'BILLED BY',
  'TEAM',
  'LIMITS',
];

/** A table of the keys. Of a digest it shows the beginning: enough to tell two keys apart. */
export function listKeys(document: KeyDocument, now: number): string {
  const rows = document.keys.map((record) => {
    const result = readRecord(record);
    return result.success
      ? toRow(result.output, now)
      : ['?', 'invalid: opens nothing', ...heads.slice(2).map(() => '')];
  });
  if (document.api_key !== undefined)
    rows.unshift([singleKeyName, 'active', '', 'never', 'all', 'all', '-', '-', '-', '-', '-']);
  if (rows.length === 0) return 'There are no keys.\n';
  return tableOf([heads, ...rows]);
}

/** Columns as wide as what stands in them. */
export function tableOf(table: readonly string[][]): string {
  const widths = (table[0] ?? []).map((_, column) =>
    Math.max(...table.map((row) => row[column]?.length ?? 0)),
  );
  const lines = table.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return `${lines.join('\n')}\n`;
}

function toRow(key: KeyRecord, now: number): string[] {
  const { guardrail, metadata = {} } = key;
  const pairs = Object.entries(metadata).map(([name, value]) => `${name}=${value}`);
  return [
    key.name,
    `${statusOf(key, now)}${key.admin ? ', admin' : ''}`,
    `${key.sha256.slice(0, 8)}…`,
    key.expires ?? 'never',
    key.models?.join(',') ?? 'all',
    techniquesOf(key),
    guardrail ? `${guardrail.guardrailIdentifier}:${guardrail.guardrailVersion}` : '-',
    pairs.join(',') || '-',
    billedBy(key),
    key.team ?? '-',
    shownLimits(key.limits),
  ];
}

/** What of the key's own AWS's bill has; the ARNs themselves are long. */
function billedBy({ awsRoleArn, projectIdentifier, profiles = {} }: KeyRecord): string {
  const count = Object.keys(profiles).length;
  const parts = [
    ...(awsRoleArn === undefined ? [] : [`role ${awsRoleArn.replace(/^.*[/]/, '')}`]),
    ...(projectIdentifier === undefined ? [] : [`project ${projectIdentifier.replace(/^.*[/]/, '')}`]),
    ...(count === 0 ? [] : [`${count} profile${count === 1 ? '' : 's'}`]),
  ];
  return parts.join(', ') || '-';
}

/** Of those that are switched on; and how many model calls they may make for one request. */
function techniquesOf({ optimisation }: KeyRecord): string {
  if (optimisation === false) return 'none';
  const { techniques, maxCalls } = optimisation ?? {};
  const names = techniques === undefined ? 'all' : techniques.join(',') || 'none';
  return maxCalls === undefined ? names : `${names} (${maxCalls} calls)`;
}

function statusOf(key: KeyRecord, now: number): string {
  if (key.revoked) return 'revoked';
  if (key.expires !== undefined && Date.parse(key.expires) <= now) return 'expired';
  const { previous } = key;
  const isRotating = previous !== undefined && Date.parse(previous.expires) > now;
  return isRotating ? `active; the key before until ${previous.expires}` : 'active';
}
