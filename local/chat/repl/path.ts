import { homedir } from 'node:os';
import { join } from 'node:path';

/** A path as people type, paste and drop it: in quotes, with escaped spaces, with ~ for their own folder. */
export function pathOf(text: string): string {
  const quoted = /^(["'])(.*)\1$/.exec(text)?.[2];
  const path = quoted ?? (process.platform === 'win32' ? text : text.replace(/\\(.)/g, '$1'));
  return path === '~' || path.startsWith('~/') ? join(homedir(), path.slice(1)) : path;
}
