import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import cdkJson from '../../cdk.json' with { type: 'json' };
import { GatewayStack } from '../../lib/gateway-stack.ts';
import { readSettings } from '../../lib/settings.ts';

/** The stack for these settings, by the feature flags of cdk.json. The function is not bundled. */
export function stackFor(gateway: Record<string, unknown> = {}) {
  const app = new App({ context: { ...cdkJson.context, 'aws:cdk:bundling-stacks': [] } });
  return { app, stack: new GatewayStack(app, readSettings({ gateway })) };
}

const templates = new Map<string, Template>();

/** The same template for the same settings: a synthesis takes a while, and nothing here changes one. */
export function templateFor(gateway: Record<string, unknown> = {}): Template {
  const key = JSON.stringify(gateway);
  const template = templates.get(key) ?? Template.fromStack(stackFor(gateway).stack);
  templates.set(key, template);
  return template;
}

/** What the function's role is allowed: in the role itself, and in the policy of what settings add. */
export function functionStatements<S>(gateway: Record<string, unknown> = {}): { own: S[]; added: S[] } {
  const template = templateFor(gateway);
  const roles = Object.entries(template.findResources('AWS::IAM::Role'));
  const [, role] = roles.find(([id]) => id.startsWith('GatewayRole')) ?? [];
  const { Policies, ManagedPolicyArns = [] } = role?.Properties ?? {};
  const attached = (ManagedPolicyArns as { Ref: string }[]).map(({ Ref }) => Ref);
  const [options] = attached.filter((id) => id.startsWith('GatewayOptions'));
  const policies = template.findResources('AWS::IAM::ManagedPolicy');
  return {
    own: Policies[0].PolicyDocument.Statement,
    added: options === undefined ? [] : policies[options]?.Properties.PolicyDocument.Statement,
  };
}

/** CloudFormation's joins and references as the text they stand for: `${Name}` or `${Name.Attribute}`. */
export function asText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(asText).join(' ');
  const [[intrinsic, argument] = []] = Object.entries(value ?? {});
  switch (intrinsic) {
    case 'Ref':
      return `\${${argument}}`;
    case 'Fn::GetAtt':
      return `\${${argument.join('.')}}`;
    case 'Fn::Join':
      return argument[1].map(asText).join(argument[0]);
    case 'Fn::Select':
      return `\${${asText(argument[1])}[${argument[0]}]}`;
    case 'Fn::Split':
      return `${asText(argument[1])} by ${argument[0]}`;
    default:
      throw new Error(`no text for ${JSON.stringify(value)}`);
  }
}
