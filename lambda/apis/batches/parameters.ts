import { docs } from '../../docs.ts';
import { ignored, type Parameters, used } from '../shared/parameters.ts';

/** Every parameter of POST /batches and what becomes of it: behind `x-gateway-ignored` and the strict mode. */
export const parameters: Parameters = {
  input_file_id: used(docs && 'A file of the same key, or `s3://bucket/key`.'),
  endpoint: used(docs && '`/v1/chat/completions` or `/v1/responses`.'),
  completion_window: used(docs && '`24h`.'),
  metadata: used(docs && 'Up to 16 entries, which come back with the batch.'),
  output_expires_after: ignored(docs && 'Results are kept as long as the bucket keeps them.'),
};
