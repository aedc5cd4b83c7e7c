import { secretArn, stackArn } from './deployment.ts';
import { element, queryService, textElement } from './query.ts';
import { type AccountCall, ServiceError } from './service.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html */
export const cloudFormation = queryService(
  'cloudformation',
  '2010-05-15',
  'http://cloudformation.amazonaws.com/doc/2010-05-15/',
  {
    DescribeStacks(form, call) {
      const asked = form.get('StackName');
      const { world, region } = call;
      if (asked === '') {
        throw new ServiceError(
          'ValidationError',
          "1 validation error detected: Value '' at 'stackName' failed to satisfy constraint: Member must have length greater than or equal to 1",
        );
      }
      const there = region === world.region && (asked === null || isOurs(asked, call));
      if (!there && asked !== null)
        throw new ServiceError('ValidationError', `Stack with id ${asked} does not exist`);
      return element('Stacks', there ? element('member', stack(call)) : '');
    },
  },
);

const isOurs = (asked: string, { world }: AccountCall) =>
  asked === world.deployment.stackName || asked === stackArn(world);

function stack({ world }: AccountCall): string {
  const { stackName, baseUrl } = world.deployment;
  const arn = secretArn(world);
  const outputs = [
    ['BaseUrl', baseUrl, 'Base URL for OpenAI clients'],
    ['ApiKeySecretArn', arn, 'The secret with the API key'],
    [
      'ApiKeyCommand',
      `aws secretsmanager get-secret-value --region ${world.region} --secret-id ${arn} --query SecretString --output text | tr -d '\\n' | sed -E 's/.*"api_key" *: *"([^"]*)".*/\\1/'`,
      'Prints the API key',
    ],
  ] as const;
  return [
    textElement('StackId', stackArn(world)),
    textElement('StackName', stackName),
    textElement('CreationTime', '2026-11-02T08:15:00.000Z'),
    textElement('StackStatus', 'CREATE_COMPLETE'),
    textElement('DisableRollback', 'false'),
    element(
      'Outputs',
      outputs
        .map(([key, value, description]) =>
          element(
            'member',
            textElement('OutputKey', key) +
              textElement('OutputValue', value) +
              textElement('Description', description),
          ),
        )
        .join(''),
    ),
  ].join('');
}
