import { invalid } from '../errors.ts';
import type { Call } from '../operation.ts';
import { noField } from '../rules/rule.ts';
import {
  guardrailIdentifier,
  guardrailVersion,
  latency,
  requestMetadata,
  serviceTier,
} from '../rules/shape/converse.ts';
import { checkShape, oneOf, type Shape, string, structure } from '../rules/shape/shape.ts';

/** What Converse takes in its body, InvokeModel takes in headers (Smithy model of bedrock-runtime). */
const headers: Readonly<Record<string, { header: string; shape: Shape }>> = {
  guardrailIdentifier: { header: 'x-amzn-bedrock-guardrailidentifier', shape: guardrailIdentifier },
  guardrailVersion: { header: 'x-amzn-bedrock-guardrailversion', shape: guardrailVersion },
  trace: { header: 'x-amzn-bedrock-trace', shape: oneOf('ENABLED', 'DISABLED', 'ENABLED_FULL') },
  performanceConfigLatency: { header: 'x-amzn-bedrock-performanceconfig-latency', shape: latency },
  serviceTier: { header: 'x-amzn-bedrock-service-tier', shape: serviceTier },
  requestMetadata: { header: 'x-amzn-bedrock-request-metadata', shape: string({ max: 8500 }) },
};

const headerShape = structure(
  Object.fromEntries(Object.entries(headers).map(([member, { shape }]) => [member, shape])),
);

/** Refuses headers as the service's front layer does, and a latency that the model does not have. Throws BedrockError. */
export function checkHeaders({ headers: sent, model }: Call): void {
  const values = Object.fromEntries(
    Object.entries(headers).map(([member, { header }]) => [member, sent[header]]),
  );
  checkShape(values, headerShape);
  if (typeof values.requestMetadata === 'string') checkMetadata(values.requestMetadata);
  if (values.performanceConfigLatency === 'optimized' && !model.family.latencyOptimized)
    throw invalid(noField('performanceConfig.latency'));
}

function checkMetadata(json: string): void {
  const metadata = parsed(json);
  if (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata))
    throw invalid('The requestMetadata value is not a valid JSON object. Check the format and try again.');
  checkShape({ requestMetadata: metadata }, structure({ requestMetadata }));
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

/** The tier and the latency that were asked for are told back. */
export function echoedHeaders({ headers: sent }: Call): Record<string, string> {
  const names = ['x-amzn-bedrock-service-tier', 'x-amzn-bedrock-performanceconfig-latency'];
  return Object.fromEntries(
    names.flatMap((name) => (typeof sent[name] === 'string' ? [[name, sent[name]] as const] : [])),
  );
}
