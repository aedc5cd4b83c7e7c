/** Headers by which callers bring their own AWS credentials; `x-provider` is accepted and means nothing. */
export const credentialHeaders = [
  'x-aws-access-key-id',
  'x-aws-secret-access-key',
  'x-aws-session-token',
  'x-aws-region',
] as const;

export const hasCallerCredentials = (headers: Headers): boolean =>
  credentialHeaders.some((name) => headers.has(name));
