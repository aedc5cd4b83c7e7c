import { type CatalogueRow, claude, regional, until, us, usAndGlobal } from './catalogue-row.ts';

const legacy = { lifecycle: 'legacy' } as const;

/** What Anthropic calls a model of the catalogue, as its answers name it (recorded). */
export function anthropicName(id: string): string {
  const name = id.replace(/^anthropic\./, '').replace(/-v\d+(:\d+)?$/, '');
  const olds: Record<string, string> = {
    'anthropic.claude-v2': 'claude-2.0',
    'anthropic.claude-v2:1': 'claude-2.1',
    'anthropic.claude-instant-v1': 'claude-instant-1.2',
  };
  return olds[id] ?? name;
}

/** Anthropic's models. */
export const claudeModels: readonly CatalogueRow[] = [
  claude('haiku-5-5', 'Haiku 5.5'),
  claude('sonnet-5-5', 'Sonnet 5.5'),
  claude('opus-5-5', 'Opus 5.5'),
  claude('fable-5-2', 'Fable 5.2'),
  claude('fable-5-1', 'Fable 5.1'),
  claude('fable-5', 'Fable 5', { geographies: usAndGlobal }),
  claude('mythos-5-1', 'Mythos 5.1', { geographies: usAndGlobal }),
  claude('mythos-5', 'Mythos 5', { geographies: usAndGlobal }),
  claude('sonnet-5', 'Sonnet 5'),
  claude('opus-5', 'Opus 5'),
  claude('opus-4-8', 'Opus 4.8'),
  claude('opus-4-7', 'Opus 4.7'),
  claude('opus-4-6-v1', 'Opus 4.6'),
  claude('sonnet-4-6', 'Sonnet 4.6'),
  claude('opus-4-5-20251101-v1:0', 'Opus 4.5'),
  claude('sonnet-4-5-20250929-v1:0', 'Sonnet 4.5', until('2027-04-08')),
  claude('haiku-4-5-20251001-v1:0', 'Haiku 4.5'),
  claude('opus-4-1-20250805-v1:0', 'Opus 4.1', { geographies: us, ...until('2027-01-08') }),
  claude('sonnet-4-20250514-v1:0', 'Sonnet 4', { lifecycle: 'ended', ends: '2026-10-14' }),
  claude('3-7-sonnet-20250219-v1:0', '3.7 Sonnet', { geographies: regional, ...legacy }),
  claude('3-5-sonnet-20241022-v2:0', '3.5 Sonnet v2', { geographies: regional, ...legacy }),
  claude('3-5-sonnet-20240620-v1:0', '3.5 Sonnet', { geographies: regional, onDemand: true, ...legacy }),
  claude('3-haiku-20240307-v1:0', '3 Haiku', { geographies: regional, onDemand: true, ...legacy }),
  claude('3-sonnet-20240229-v1:0', '3 Sonnet', { geographies: regional, onDemand: true, ...legacy }),
];
