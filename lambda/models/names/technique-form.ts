import { techniqueNames } from '../../settings/techniques.ts';

/** Names of techniques before a hyphen or a parenthesis, and what only expressions hold, as it is or URL-encoded. */
const form = new RegExp(
  `^\\s*(?:none|${techniqueNames.join('|')})\\s*[(-]|^[^:]*(?:[&|(]|%(?:26|7c|28|2d|20))`,
  'i',
);

/** Whether a name may ask for a technique: all that is looked at for those that do not. `technique.ts` reads it. */
export const mayAskForTechnique = (name: string): boolean => form.test(name);
