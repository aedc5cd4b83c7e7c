/**
 * The JSON of an event in one line: a line break between its members, be it `\n` or `\r`, would end the event for a
 * reader of server-sent events.
 */
export const inOneLine = (json: string): string =>
  /[\r\n]/.test(json) ? JSON.stringify(JSON.parse(json)) : json;
