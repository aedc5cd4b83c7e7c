import type { Entry } from '../files/change.ts';
import type { Shell } from '../shells/shell.ts';

/** The APIs of the gateway that a client may speak. */
export const apiNames = ['chat', 'responses', 'messages'] as const;
export type ApiName = (typeof apiNames)[number];

export const apiTitles: Readonly<Record<ApiName, string>> = {
  chat: 'Chat Completions',
  responses: 'Responses',
  messages: 'Messages',
};

/** What a client is to call. */
export interface Connection {
  api: ApiName;
  /** Ends in /v1. */
  baseUrl: string;
  model: string;
}

/** Where the client finds the key: with its files, or in the environment variable `keyVariable`. */
export type KeyPlace = { in: 'file'; text: string } | { in: 'environment' };

/** The machine that a client is set up on. */
export interface Places {
  home: string;
  /** The folder that the command was started in, for what belongs to a project. */
  folder: string;
  platform: NodeJS.Platform;
  env: Readonly<Record<string, string | undefined>>;
  shell: Shell;
}

/** Stands for the key among variables and words, so that whoever shows them decides what is seen of it. */
export const theKey = Symbol('key');

export interface Variable {
  name: string;
  value: string | typeof theKey;
}

export type FormatName = 'jsonc' | 'toml' | 'yaml' | 'dotenv' | 'profile';

export interface FileNeed {
  /** The first is written, unless another one is there. */
  paths: readonly [string, ...string[]];
  format: FormatName;
  entries: readonly FileEntry[];
  /** Only its owner may read it. */
  secret?: boolean;
}

/** `ifMissing`: something that a file must have, whatever its value. */
export interface FileEntry extends Entry {
  ifMissing?: boolean;
}

export interface Snippet {
  language: 'js' | 'py';
  text: string;
}

/** All that a client needs to call the gateway. */
export interface Need {
  files?: readonly FileNeed[];
  variables?: readonly Variable[];
  /** Instead of the files, for who wants to change none. */
  insteadOfFiles?: readonly Variable[];
  /** Commands of the client's own that do what the files would. */
  commands?: readonly (readonly (string | typeof theKey)[])[];
  code?: readonly Snippet[];
  notes?: readonly string[];
}

export interface Client {
  /** On the command line. */
  name: string;
  title: string;
  /** The APIs that it speaks; the first where neither the person nor the model decides. */
  apis: readonly [ApiName, ...ApiName[]];
  /** What was run, or read, when its format was last verified. */
  verified: string;
  /** How it is started then. */
  start: string;
  /** The environment variable of the key. */
  keyVariable: string;
  /** Whether its files can leave the key to that variable. */
  keyMayStayOut: boolean;
  /** Pure. Entries stand at places that do not depend on the connection, so that they are found again. */
  need(connection: Connection, key: KeyPlace, places: Places): Need;
}

/** What the gateway is called in the files of clients: as a name of theirs, and for people. */
export const providerId = 'bedrock-gateway';
export const providerName = 'Bedrock Gateway';
export const ownVariable = 'BEDROCK_GATEWAY_KEY';

/** Clients of Anthropic's API put /v1 there themselves. */
export const withoutVersion = (baseUrl: string): string => baseUrl.replace(/\/v1$/, '');

/** A `.env` with the key, for a client that reads one; nothing where the key stays in the environment. */
export function keyFile(path: string, key: KeyPlace, variable = ownVariable): FileNeed[] {
  if (key.in === 'environment') return [];
  return [{ paths: [path], format: 'dotenv', secret: true, entries: [{ at: [variable], value: key.text }] }];
}

/** The variable of the key, where that is not in a file. */
export const keyVariable = (key: KeyPlace, name = ownVariable): Variable[] =>
  key.in === 'environment' ? [{ name, value: theKey }] : [];
