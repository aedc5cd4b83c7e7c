import { assumeRole } from './assume-role.ts';
import { queryService, textElement } from './query.ts';
import { ServiceError } from './service.ts';

/** Access key ids of temporary credentials begin with this (IAM user guide, “IAM identifiers”). */
const temporary = /^ASIA/;

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html. It needs no permission. */
export const sts = queryService('sts', '2011-06-15', 'https://sts.amazonaws.com/doc/2011-06-15/', {
  AssumeRole: assumeRole,
  GetCallerIdentity(_form, { accessKeyId, headers, world }) {
    const token = headers['x-amz-security-token'];
    if (temporary.test(accessKeyId) && !token) {
      throw new ServiceError(
        'InvalidClientTokenId',
        'The security token included in the request is invalid.',
        403,
      );
    }
    const session = world.sessions.get(accessKeyId);
    const [arn, userId] = session
      ? [session.arn, `AROASIMULATOR00000000:${session.name}`]
      : token
        ? [`arn:aws:sts::${world.account}:assumed-role/gateway/session`, 'AROASIMULATOR00000000:session']
        : [`arn:aws:iam::${world.account}:user/simulator`, 'AIDASIMULATOR00000000'];
    return textElement('Arn', arn) + textElement('UserId', userId) + textElement('Account', world.account);
  },
});
