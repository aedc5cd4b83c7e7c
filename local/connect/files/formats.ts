import type { FormatName, Places } from '../clients/client.ts';
import { type Format, UneditableFile } from './format.ts';
import { jsonc } from './jsonc.ts';
import { dotenv, linesFormat } from './lines.ts';
import { toml } from './toml.ts';
import { yaml } from './yaml.ts';

/** The format of a name; that of a shell's file is the shell's. */
export function formatOf(name: FormatName, { shell }: Pick<Places, 'shell'>): Format {
  if (name !== 'profile') return { jsonc, toml, yaml, dotenv }[name];
  if (!shell.syntax) throw new UneditableFile(`${shell.name} has no file that it reads when it starts`);
  return linesFormat(shell.syntax);
}
