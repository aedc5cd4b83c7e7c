import type { World } from '../world.ts';

/** A call of the control plane. */
export interface ControlCall {
  /** What stood at `*` in the path, URL-decoded. */
  parameter: string;
  query: URLSearchParams;
  body: unknown;
  region: string;
  world: World;
}

export interface ControlOperation {
  name: string;
  method: 'GET' | 'POST' | 'DELETE';
  /** The path's words; a final `*` is an id or ARN. */
  path: readonly string[];
  status?: number;
  /** Throws BedrockError. */
  run(call: ControlCall): unknown;
}
