import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';

export interface ApiKeyProps {
  /** Complete ARN of a secret that exists. Without it a key is generated, in a secret that outlives the stack. */
  secretArn?: string;
}

/** The secret that holds the API key, and the command that prints it. */
export class ApiKey extends Construct {
  readonly secretArn: string;
  readonly command: string;

  constructor(scope: Construct, id: string, props: ApiKeyProps) {
    super(scope, id);
    if (props.secretArn === undefined) {
      this.secretArn = this.generate().secretArn;
      this.command = print(this.secretArn, Stack.of(this).region);
    } else {
      this.secretArn = props.secretArn;
      this.command = print(props.secretArn, props.secretArn.split(':')[3]!);
    }
  }

  /** Plain text, until `gateway keys` has made more keys. 48 letters and digits are 285 bits. */
  private generate(): Secret {
    return new Secret(this, 'Secret', {
      description: 'API key of the Bedrock Gateway',
      generateSecretString: { passwordLength: 48, excludePunctuation: true },
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }
}

/** A secret may be plain text or JSON: sed takes the key from the one and leaves the other alone. */
function print(arn: string, region: string): string {
  const read = `aws secretsmanager get-secret-value --region ${region} --secret-id ${arn} --query SecretString --output text`;
  return `${read} | tr -d '\\n' | sed -E 's/.*"api_key" *: *"([^"]*)".*/\\1/'`;
}
