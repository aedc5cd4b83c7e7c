/**
 * Which part of Bedrock's text may be shown to a client. This is the only way of such a text into a message: it
 * is written for the owner of the AWS account, and the client of a gateway is somebody else.
 */

/** What names an account, those who act in it and its network; the words of each row are shown instead. */
const withheld: readonly (readonly [instead: string, what: RegExp])[] = [
  // Up to what may not stand in an ARN; what follows a full stop or a comma at its end belongs to the sentence.
  ['(ARN)', /\barn:[\w-]+:[^\s"'`<>()[\]{},;]+/gi],
  ['(role)', /\b(?:assumed-role|federated-user|instance-profile|role)\/[\w+=.@/-]+/gi],
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
  ['(access key id)', /\b(?:AKIA|ASIA)[A-Z0-9]{12,124}\b/g],
  ['(id)', /\b(?:ABIA|ACCA|AGPA|AIDA|AIPA|ANPA|ANVA|APKA|AROA|ASCA)[A-Z0-9]{12,124}\b/g],
  ['(key)', /\b(?:ABSK|bedrock-api-key-)[\w+/=-]{16,}/g],
  ['(URL)', /\bhttps?:\/\/(?!docs\.aws\.amazon\.com\/)[^\s"'`<>]+/gi],
  ['(S3 URI)', /\bs3:\/\/[^\s"'`<>]+/gi],
  // An organisation, its units and policies, and parts of a network.
  ['(id)', /\b(?:o|ou|r|p|vpc|vpce|subnet|eni|sg|i)-(?=[a-z-]*\d)[0-9a-z]{8,32}(?:-[0-9a-z]{8,32})?\b/g],
  ['(address)', /\b(?:\d{1,3}\.){3}\d{1,3}\b/g],
  ['(address)', /\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b/g],
  ['(account)', /(?<!\d)\d{12}(?!\d)/g],
  ['(account)', /(?<!\d)\d{4}-\d{4}-\d{4}(?!\d)/g],
];

/** A sentence of Bedrock's is far shorter; what is longer quotes the request. */
const maxLength = 2000;

const isPage = (text: string) => /^\s*<|<(?:!doctype|html|head|body|\?xml)\b/i.test(text);

/**
 * The text without what identifies the account; empty for the page of a proxy. What the client itself wrote may
 * stand: `wrote` says so of a piece of text, and is asked only about what would be withheld.
 */
export function showable(text: string, wrote: (piece: string) => boolean): string {
  if (isPage(text)) return '';
  let shown = text.replace(/[\p{Cc}\p{Cf}]+/gu, ' ').slice(0, maxLength);
  for (const [instead, what] of withheld) {
    shown = shown.replace(what, (found) => {
      const piece = found.replace(/[.:,]+$/, '');
      return wrote(piece) ? found : instead + found.slice(piece.length);
    });
  }
  return shown.trim();
}
