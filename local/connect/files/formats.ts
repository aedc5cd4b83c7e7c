import type { FormatName, Places } from '../clients/client.ts';
import { type ShellName, shellNames, shellOf } from '../shells/shell.ts';
import { type Format, UneditableFile } from './format.ts';
import { jsonc } from './jsonc.ts';
import { dotenv, linesFormat } from './lines.ts';
import { toml } from './toml.ts';
import { yaml } from './yaml.ts';

const formats: Readonly<Record<Exclude<FormatName, 'profile'>, Format>> = { jsonc, toml, yaml, dotenv };

/** What a record calls a format: with the shell, where it is the file of one. */
export const recordedFormat = (name: FormatName, { shell }: Places): string =>
  name === 'profile' ? `profile:${shell.name}` : name;

/** The format of a name, as needs or records have it. Throws UneditableFile. */
export function formatOf(name: string, places: Places): Format {
  if (Object.hasOwn(formats, name)) return formats[name as keyof typeof formats];
  const [, shell = places.shell.name] = name.split(':');
  const known = shellNames.find((each): each is ShellName => each === shell);
  const syntax = known && shellOf(known, places).syntax;
  if (!syntax) throw new UneditableFile(`it is in a form that is not known: ${name}`);
  return linesFormat(syntax);
}
