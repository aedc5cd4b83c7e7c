import { homedir } from 'node:os';
import { join } from 'node:path';

type Env = Record<string, string | undefined>;

const name = 'bedrock-gateway';

/**
 * Where a person's settings and data are kept. `XDG_CONFIG_HOME` and `XDG_DATA_HOME` win everywhere
 * (https://specifications.freedesktop.org/basedir-spec/latest/); else it is what the platform has for it.
 */
export function configFolder(env: Env, platform: NodeJS.Platform = process.platform): string {
  const { XDG_CONFIG_HOME: xdg, APPDATA: roaming } = env;
  if (xdg) return join(xdg, name);
  if (platform === 'win32') return join(roaming || join(home(env), 'AppData', 'Roaming'), name);
  if (platform === 'darwin') return join(home(env), 'Library', 'Application Support', name);
  return join(home(env), '.config', name);
}

/** The same for data, which on Windows does not travel with its owner. */
export function dataFolder(env: Env, platform: NodeJS.Platform = process.platform): string {
  const { XDG_DATA_HOME: xdg, LOCALAPPDATA: local } = env;
  if (xdg) return join(xdg, name);
  if (platform === 'win32') return join(local || join(home(env), 'AppData', 'Local'), name);
  if (platform === 'darwin') return join(home(env), 'Library', 'Application Support', name);
  return join(home(env), '.local', 'share', name);
}

const home = (env: Env): string => env.HOME || env.USERPROFILE || homedir();
