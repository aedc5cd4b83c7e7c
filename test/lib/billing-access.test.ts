import { describe, expect, it } from 'vitest';
import { readSettings } from '../../lib/settings.ts';
import { asText, functionStatements, templateFor } from './synth.ts';

const role = (name: string) => `arn:aws:iam::123456789012:role/${name}`;

/** What the function's role has of these actions, as `[actions, resources]`. */
function statementsOf(gateway: Record<string, unknown>, sid: string) {
  const { added } = functionStatements<{
    Sid: string;
    Action: unknown;
    Resource: unknown;
    Condition?: unknown;
  }>(gateway);
  return added
    .filter(({ Sid }) => Sid === sid)
    .map(({ Action, Resource, Condition }) => [[Action].flat(), [Resource].flat().map(asText), Condition]);
}

describe('what keys may be billed by', () => {
  it('is nothing unless it is named', () => {
    const template = JSON.stringify(templateFor().toJSON());
    expect(template).not.toMatch(/"sts:(?:AssumeRole|TagSession)"[^}]*AssumeRolesOfKeys/);
    expect(statementsOf({}, 'AssumeRolesOfKeys')).toEqual([]);
    expect(statementsOf({}, 'InvokeModelsForProjects')).toEqual([]);
  });

  it('is exactly the roles that are named, for assuming them and tagging their sessions', () => {
    const assumableRoles = [role('billing/blue'), role('red')];
    expect(statementsOf({ assumableRoles }, 'AssumeRolesOfKeys')).toEqual([
      [['sts:AssumeRole', 'sts:TagSession'], assumableRoles, undefined],
    ]);
    const [lambda] = Object.values(templateFor({ assumableRoles }).findResources('AWS::Lambda::Function'));
    expect(lambda?.Properties.Environment.Variables.ASSUMABLE_ROLES).toBe(assumableRoles.join(','));
  });

  it.each([
    '*',
    role('*'),
    role('red?'),
    role(`\${aws:PrincipalTag/x}`),
    'arn:aws:iam::123456789012:user/a',
    role('a,b'),
  ])('is no more than one role a name: %s is refused', (name) => {
    expect(() => readSettings({ gateway: { assumableRoles: [name] } })).toThrow(/assumableRoles/);
  });

  it('is exactly the projects that are named', () => {
    expect(statementsOf({ projects: ['proj_a1'] }, 'InvokeModelsForProjects')).toEqual([
      [
        ['bedrock:InvokeModel', 'bedrock:InvokeModelWithResponseStream'],
        [`arn:\${AWS::Partition}:bedrock:*:\${AWS::AccountId}:project/proj_a1`],
        undefined,
      ],
    ]);
    for (const name of ['*', 'proj_*', 'default/*'])
      expect(() => readSettings({ gateway: { projects: [name] } })).toThrow(/projects/);
  });
});
