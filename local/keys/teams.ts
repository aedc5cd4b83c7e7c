import * as v from 'valibot';
import { type Limits, readTeam, type TeamRecord } from '../../lambda/auth/limits-record.ts';
import { type KeyDocument, toObject } from './key-document.ts';
import { KeysError } from './keys-error.ts';
import { changedLimits, type LimitValues, optionFor, shownLimits } from './limit-options.ts';
import { tableOf } from './list-keys.ts';

/** A new team. Throws KeysError. */
export function createTeam(document: KeyDocument, name: string, values: LimitValues): KeyDocument {
  if (teamNamed(document, name)) throw new KeysError(`There is a team named ${name} already.`);
  return { ...document, teams: [...(document.teams ?? []), teamOf(name, changedLimits(values))] };
}

/** Other limits for a team: those that are named, and the rest as they are. Throws KeysError. */
export function updateTeam(document: KeyDocument, name: string, values: LimitValues): KeyDocument {
  const before = requireTeam(document, name);
  const after = teamOf(name, changedLimits(values, before.limits));
  return withTeams(document, (team) => (toObject(team).name === name ? [after] : [team]));
}

/** Throws KeysError for one that keys belong to: they would open nothing any more. */
export function deleteTeam(document: KeyDocument, name: string): KeyDocument {
  if (!(document.teams ?? []).some((team) => toObject(team).name === name)) throw noTeam(document, name);
  const members = document.keys
    .map(toObject)
    .filter(({ team, revoked }) => team === name && revoked !== true);
  if (members.length > 0)
    throw new KeysError(
      `Keys belong to ${name}: ${members.map((key) => key.name).join(', ')}. Update them with --team none, or revoke them, first.`,
    );
  return withTeams(document, (team) => (toObject(team).name === name ? [] : [team]));
}

export function listTeams(document: KeyDocument): string {
  const teams = document.teams ?? [];
  if (teams.length === 0) return 'There are no teams.\n';
  const rows = teams.map((record) => {
    const result = readTeam(record);
    if (!result.success) return ['?', 'invalid: its keys open nothing', ''];
    const { name, limits } = result.output;
    const keys = document.keys.map(toObject).filter(({ team }) => team === name);
    return [name, shownLimits(limits), keys.map((key) => key.name).join(', ') || '-'];
  });
  return tableOf([['NAME', 'LIMITS', 'KEYS'], ...rows]);
}

/** Throws KeysError where there is none of this name. */
export function requireTeam(document: KeyDocument, name: string): TeamRecord {
  const team = teamNamed(document, name);
  if (!team) throw noTeam(document, name);
  return team;
}

function teamNamed(document: KeyDocument, name: string): TeamRecord | undefined {
  const found = (document.teams ?? []).find((team) => toObject(team).name === name);
  const result = readTeam(found);
  return result.success ? result.output : undefined;
}

function noTeam({ teams = [] }: KeyDocument, name: string): KeysError {
  const names = teams.map((team) => String(toObject(team).name));
  return new KeysError(`There is no team named ${name}. There are: ${names.join(', ') || 'none'}.`);
}

function teamOf(name: string, limits: Limits | undefined): TeamRecord {
  const result = readTeam({ name, ...(limits && { limits }) });
  if (result.success) return result.output;
  throw new KeysError(
    result.issues.map((issue) => `${optionFor(v.getDotPath(issue))} ${issue.message}.`).join('\n'),
  );
}

const withTeams = (document: KeyDocument, change: (team: unknown) => unknown[]): KeyDocument => ({
  ...document,
  teams: (document.teams ?? []).flatMap(change),
});
