import type { BedrockClients } from '../../bedrock/clients.ts';
import { members, parseJson, text } from '../../canonical/json.ts';
import { GatewayError } from '../../errors.ts';
import type { Draw, DrawCall, Drawn } from '../../models/images/contract.ts';
import { readText } from '../call.ts';
import { invokeModel } from '../invoke/invoke-model.ts';

/**
 * Stability's models by InvokeModel, one image a call
 * (https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-stability-diffusion.html).
 */
export function createDraw(clients: BedrockClients): Draw {
  return async (call) => {
    const { body, requestMetadata } = call;
    const answered = await invokeModel(clients, call, body, requestMetadata ? { requestMetadata } : {});
    return drawnIn(await readText(answered.body, call), call, answered.requestId);
  };
}

const filter = /^Filter reason: (prompt|input image|output image)$/;

/** What a filter withholds is told with status 200 and a reason; without one there is the image. */
function drawnIn(said: string, { target }: DrawCall, requestId: string | undefined): Drawn {
  const { images, finish_reasons } = members(parseJson(said)?.value);
  const [reason = null] = Array.isArray(finish_reasons) ? finish_reasons : [];
  const id = requestId === undefined ? {} : { requestId };
  if (typeof reason === 'string') {
    const filtered = filter.exec(reason)?.[1];
    if (filtered !== undefined) return { filtered, ...id };
    throw notDrawn(target.asked, requestId);
  }
  const image = Array.isArray(images) ? text(images[0]) : undefined;
  if (!image) throw notDrawn(target.asked, requestId);
  return { image, ...id };
}

function notDrawn(model: string, requestId: string | undefined): GatewayError {
  return new GatewayError({
    status: 502,
    reason: 'model_error',
    code: 'model_error',
    mayHaveRun: true,
    message: `The model \`${model.slice(0, 200)}\` answered without an image. Please try again.`,
    upstream: { name: 'IncompleteAnswer', message: '', status: 200, requestId },
  });
}
