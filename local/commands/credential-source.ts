/**
 * The links of the SDK's chain of credentials, by the marks that its providers leave on what they have found
 * (`$source`, which the SDK sends to AWS in its user agent). The first that is there counts: a role that was assumed
 * with the keys of a profile bears the marks of both.
 */
const links: readonly (readonly [marks: readonly string[], about: string])[] = [
  [
    ['CREDENTIALS_PROFILE_SSO', 'CREDENTIALS_PROFILE_SSO_LEGACY'],
    'IAM Identity Center (`aws sso login`), by a profile',
  ],
  [['CREDENTIALS_SSO', 'CREDENTIALS_SSO_LEGACY'], 'IAM Identity Center (`aws sso login`)'],
  [['CREDENTIALS_PROFILE_LOGIN', 'CREDENTIALS_LOGIN'], 'a console sign-in (`aws login`)'],
  [['CREDENTIALS_PROFILE_PROCESS', 'CREDENTIALS_PROCESS'], 'the credential_process of a profile'],
  [['CREDENTIALS_PROFILE_STS_WEB_ID_TOKEN'], 'a web identity token, by a profile'],
  [['CREDENTIALS_ENV_VARS_STS_WEB_ID_TOKEN', 'CREDENTIALS_STS_ASSUME_ROLE_WEB_ID'], 'a web identity token'],
  [['CREDENTIALS_PROFILE_SOURCE_PROFILE', 'CREDENTIALS_PROFILE_NAMED_PROVIDER'], 'a role of a profile'],
  [['CREDENTIALS_PROFILE'], 'the access keys of a profile'],
  [['CREDENTIALS_ENV_VARS'], 'the environment (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY)'],
  [['CREDENTIALS_HTTP'], 'the container'],
  [['CREDENTIALS_IMDS'], 'the instance (IMDS)'],
];

/** What the SDK's chain gave: where it is from, and until when it is good. */
export interface FoundCredentials {
  $source?: object;
  expiration?: Date;
}

/** Which link of the chain it was, for a person. A provider without a mark is the last of the chain: the instance. */
export function sourceOf({ $source = {} }: FoundCredentials): string {
  const link = links.find(([marks]) => marks.some((mark) => mark in $source));
  return link?.[1] ?? 'the instance (IMDS) or the container';
}

/** When temporary credentials end, in UTC and in minutes or hours from now; undefined for those that do not. */
export function endOf({ expiration }: FoundCredentials, now: number): string | undefined {
  if (expiration === undefined) return undefined;
  const time = `${expiration.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  const minutes = Math.round((expiration.getTime() - now) / 60_000);
  if (minutes < 0) return `they ended at ${time}`;
  return `they end at ${time}, in ${minutes < 120 ? `${minutes} minutes` : `${Math.round(minutes / 60)} hours`}`;
}
