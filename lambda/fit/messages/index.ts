import type { NativeRequest } from '../../canonical/native.ts';
import type { Capabilities } from '../../models/capabilities.ts';
import type { NativeFitted } from '../types.ts';

/** Whether a request asks for something that only Converse and what the gateway makes of it can carry. */
export function needsConverse({ body }: NativeRequest, { structuredOutput }: Capabilities): boolean {
  const config = body.output_config as { format?: unknown } | null | undefined;
  return config?.format != null && structuredOutput !== 'native';
}

/** Makes a client's own body acceptable to one Claude. Pure. */
export function fitMessages(
  request: NativeRequest,
  _capabilities: Capabilities,
  _model: string,
): NativeFitted {
  const { model: _, stream: __, ...body } = request.body;
  return {
    native: { ...request, body: { anthropic_version: 'bedrock-2023-05-31', ...body } },
    warnings: [],
    ignored: [],
  };
}
