import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * For the environment of processes that tests start: Node then compiles each of our files once and not in every process,
 * which is two thirds of what such a start costs.
 */
export const compileCache = { NODE_COMPILE_CACHE: join(tmpdir(), 'bedrock-gateway-compile-cache') };
