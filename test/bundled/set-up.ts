import { buildArtifact } from './artifact.ts';

/** Builds the function once for all the suites of a run; vitest calls what this returns at the run's end. */
export default function setUp(): () => void {
  const { root, remove } = buildArtifact();
  process.env.GATEWAY_ARTIFACT_FOLDER = root;
  return remove;
}
