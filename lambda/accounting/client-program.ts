/** A product of a User-Agent: `OpenAI/JS 7.55.0`, `claude-cli/2.0.1`, `curl/8.5.0`. */
const versioned =
  /^([A-Za-z][\w.]{0,30}(?:-[A-Za-z][\w.]{0,30}){0,3}(?:\/[A-Za-z]{2,12})?)[/ ]v?(\d{1,5}(?:\.\d{1,8}){0,3})(?![\w])/;
/** A name alone, of letters: `node`, `undici`. */
const nameAlone = /^([A-Za-z]{2,20})$/;

/**
 * The program that asked, by its User-Agent: its name and version alone, since a client may write anything there.
 * Undefined for what does not look like a program.
 */
export function clientProgram(userAgent: string | undefined): string | undefined {
  const text = userAgent?.slice(0, 200).trim() ?? '';
  const [, name, version] = versioned.exec(text) ?? nameAlone.exec(text) ?? [];
  if (name === undefined) return undefined;
  return version === undefined ? name : `${name.replace('/', ' ')}/${version}`;
}
