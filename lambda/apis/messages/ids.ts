/** The id of a message: 24 characters of the request's, which identifies the answer in the gateway's logs too. */
export function messageId(requestId: string): string {
  const plain = requestId.replace(/^req_/, '').replace(/[^A-Za-z0-9]/g, '');
  return `msg_${plain.slice(0, 24).padEnd(24, '0')}`;
}
