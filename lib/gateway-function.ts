import { dirname } from 'node:path';
import { Annotations, AssetHashType, DockerImage, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import {
  ManagedPolicy,
  PolicyDocument,
  type PolicyStatement,
  Role,
  ServicePrincipal,
} from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  Code,
  FunctionUrlAuthType,
  type FunctionUrlCorsOptions,
  HttpMethod,
  InvokeMode,
  Function as LambdaFunction,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { readConfig } from '../lambda/config.ts';
import { exposedHeaders } from '../lambda/http/exposed-headers.ts';
import {
  assumeAccess,
  bedrockAccess,
  comprehendAccess,
  limitsAccess,
  logAccess,
  mantleAccess,
  projectAccess,
  secretAccess,
  secretKeyAccess,
  storeAccess,
} from './access.ts';
import type { Batches } from './batches.ts';
import { bundle, handlerPath } from './bundle.ts';
import { type Sandboxes, sandboxesFor } from './sandboxes.ts';
import { reachOf } from './settings/reach.ts';
import type { Settings } from './settings.ts';

/** MB of a function in which Z3 is at work: up to 260 of its own, in the worst of its tests, beside what the function has. */
const solverMemory = 512;

export interface GatewayFunctionProps {
  settings: Settings;
  secretArn: string;
  /** Of the table that counts what keys have used; absent: there is none. */
  limitsTableArn?: string | undefined;
  /** Absent: no files and batches. */
  batches?: Batches | undefined;
  /** Of the table that keeps answers; absent: nothing is stored. */
  storeTableArn?: string | undefined;
}

/** The function, its role, its log group and its URL. */
export class GatewayFunction extends Construct {
  /** Ends with a slash. */
  readonly url: string;
  readonly function: LambdaFunction;
  readonly logGroup: LogGroup;

  constructor(scope: Construct, id: string, props: GatewayFunctionProps) {
    super(scope, id);
    const { settings, secretArn, limitsTableArn, storeTableArn, batches } = props;
    const logGroup = new LogGroup(this, 'LogGroup', {
      retention: settings.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const sandboxes = sandboxesFor(settings.environment);
    if (sandboxes.solver && settings.memorySize < solverMemory) {
      Annotations.of(this).addWarningV2(
        'bedrock-gateway:z3-memory',
        `gateway.memorySize is ${settings.memorySize} and the technique z3 is on, which needs ${solverMemory}: set that, or leave z3 out of gateway.optimisationTechniques.`,
      );
    }
    const role = this.role(props, logGroup);
    batches?.allow(role);
    const lambda = new LambdaFunction(this, 'Function', {
      description: 'Bedrock Gateway',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: bundledCode(sandboxes),
      role,
      logGroup,
      memorySize: settings.memorySize,
      timeout: Duration.seconds(settings.timeoutSeconds),
      reservedConcurrentExecutions: settings.reservedConcurrency,
      tracing: settings.tracing ? Tracing.ACTIVE : Tracing.DISABLED,
      environment: {
        ...settings.environment,
        API_KEY_SECRET_ARN: secretArn,
        ...(limitsTableArn !== undefined && { LIMITS_TABLE: limitsTableArn }),
        ...batches?.environment,
        ...(storeTableArn !== undefined && { STORE: storeTableArn }),
        ...(settings.metrics && { METRICS_NAMESPACE: settings.stackName }),
      },
    });
    this.function = lambda;
    this.logGroup = logGroup;
    // IAM and CloudFront's origin access control sign the Authorization header that clients keep their key in.
    const url = lambda.addFunctionUrl({
      authType: FunctionUrlAuthType.NONE,
      invokeMode: InvokeMode.RESPONSE_STREAM,
      cors: corsFor(settings.allowedOrigins),
    });
    this.url = url.url;
  }

  /** Its own role: AWSLambdaBasicExecutionRole may write to every log group of the account. */
  private role(props: GatewayFunctionProps, logGroup: LogGroup): Role {
    const { settings, secretArn } = props;
    const statements = [
      ...bedrockAccess(Stack.of(this), reachOf(settings.environment)),
      secretAccess(secretArn),
      logAccess(logGroup.logGroupArn),
    ];
    const options = this.options(props);
    const document = new PolicyDocument({ statements: options });
    return new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      inlinePolicies: { Gateway: new PolicyDocument({ statements }) },
      ...(options.length > 0 && { managedPolicies: [new ManagedPolicy(this, 'Options', { document })] }),
    });
  }

  /** What settings add: in a policy of its own, because many regions leave little room in the role's. */
  private options({ settings, limitsTableArn, storeTableArn }: GatewayFunctionProps): PolicyStatement[] {
    const { environment, projects, apiKeySecretKmsKeyArn: kmsKeyArn } = settings;
    const { assumableRoles } = readConfig(environment);
    const reach = reachOf(environment);
    return [
      ...(kmsKeyArn === undefined ? [] : [secretKeyAccess(kmsKeyArn)]),
      ...(reach.mantle ? [mantleAccess(Stack.of(this), reach)] : []),
      ...(asksComprehend(environment) ? [comprehendAccess()] : []),
      ...(limitsTableArn === undefined ? [] : [limitsAccess(limitsTableArn)]),
      ...(projects.length === 0 ? [] : [projectAccess(Stack.of(this), projects)]),
      ...(assumableRoles.length === 0 ? [] : [assumeAccess(assumableRoles)]),
      ...(storeTableArn === undefined ? [] : [storeAccess(storeTableArn)]),
    ];
  }
}

function asksComprehend(environment: Readonly<Record<string, string>>): boolean {
  const { optimisation, optimisationTechniques, privacyDetector } = readConfig(environment);
  return optimisation && optimisationTechniques.includes('privacy') && privacyDetector !== 'patterns';
}

/** esbuild runs in this process; the image is there because the CDK asks for one, and is never pulled. */
function bundledCode(sandboxes: Sandboxes): Code {
  return Code.fromAsset(dirname(handlerPath), {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      image: DockerImage.fromRegistry('unused'),
      local: {
        tryBundle: (outdir) => {
          bundle({ outdir, sandboxes });
          return true;
        },
      },
    },
  });
}

function corsFor(allowedOrigins: string[]): FunctionUrlCorsOptions | undefined {
  if (allowedOrigins.length === 0) return undefined;
  return {
    allowedOrigins,
    allowedMethods: [HttpMethod.ALL],
    // A wildcard does not cover Authorization: https://fetch.spec.whatwg.org/#cors-non-wildcard-request-header-name
    allowedHeaders: ['*', 'authorization'],
    exposedHeaders: [...exposedHeaders],
    maxAge: Duration.days(1),
  };
}
