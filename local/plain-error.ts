/** An error whose message is for a person as it stands: what is wrong, and what to do. It needs no name before it. */
export class PlainError extends Error {}

/** As a sentence of its own, where the message begins within one. */
export const asSentence = ({ message }: PlainError): string =>
  message.charAt(0).toUpperCase() + message.slice(1);
