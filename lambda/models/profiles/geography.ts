/**
 * Prefixes of the inference profiles that stay within a region's own geography, nearest first. The first
 * entry that the region's name begins with counts; a region without entry has global profiles only.
 * Source: model cards, "Regional availability"
 * (https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-support.html); what a region
 * really has is what ListInferenceProfiles says there.
 */
const geographies: readonly (readonly [region: string, prefixes: readonly string[]])[] = [
  ['us-gov-', ['us-gov']],
  ['us-', ['us']],
  ['eu-', ['eu']],
  ['ap-northeast-1', ['jp', 'apac']],
  ['ap-northeast-3', ['jp', 'apac']],
  ['ap-southeast-2', ['au', 'apac']],
  ['ap-southeast-4', ['au', 'apac']],
  ['ap-south-', ['in', 'apac']],
  ['ap-', ['apac']],
  ['ca-', ['ca']],
];

/** Profile prefixes of a region's geography, nearest first; empty where AWS has none. */
export function geographiesOf(region: string): readonly string[] {
  return geographies.find(([start]) => region.startsWith(start))?.[1] ?? [];
}
