import { capabilitiesOf } from '../families/capabilities-of.ts';
import { invokeCapabilities } from '../invoke-capabilities.ts';
import type { Target } from '../target.ts';
import type { Resolver } from './resolve.ts';

/**
 * The same resolver for requests that hold a prompt and no conversation: an imported model gets it as it is written, by
 * InvokeModel and without a chat template, also where Converse serves the model. Models of Bedrock's own have no body
 * for a bare prompt any more, and take it as what a user says.
 */
export const withRawPrompts = (resolver: Resolver): Resolver => ({
  ...resolver,
  resolve: async (name, options) => rawTarget(await resolver.resolve(name, options)),
});

function rawTarget(target: Target): Target {
  const { rawFormat: format, id } = target;
  if (format === undefined) return target;
  return {
    ...target,
    backend: 'invoke',
    format,
    capabilities: capabilitiesOf(id, invokeCapabilities(format)),
  };
}
