import type { GuardrailContent } from '../backends/guardrail/apply-guardrail.ts';
import { GatewayError, toGatewayError, unsupported } from '../errors.ts';
import { field, type Note, written } from '../fields.ts';
import type { ImageIntent } from '../fit/images.ts';
import { type ImageOption, imageOptionNames, imageOptions } from '../models/images/options.ts';
import type { Target } from '../models/target.ts';
import type { Guard } from './guard.ts';
import { guardedContents, guardrailRegion, shownImage } from './guarded-texts.ts';
import type { ImagesRun } from './images.ts';

/** A part of a request that a guardrail looks at, and how it is put back when it has been masked. */
interface Part {
  content: GuardrailContent;
  name: Note;
  put(intent: ImageIntent, text: string): ImageIntent;
}

/** What a client says and shows, as a guardrail lets it pass. Throws as `guardedContents` does. */
export async function guardedIntent(
  running: ImagesRun,
  guard: Guard | undefined,
  target: Target,
): Promise<{ intent: ImageIntent; warnings: readonly Note[] }> {
  const { request, deps } = running;
  if (!guard) return { intent: request, warnings: [] };
  if (request.format === 'webp')
    throw unsupported(
      `The guardrail that is applied here looks at PNG and JPEG alone.`,
      field('outputFormat'),
    );
  const parts = partsOf(request);
  const shown = { contents: parts.map(({ content }) => content), nameOf: (i: number) => parts[i]!.name };
  const { contents, warnings } = await guardedContents(deps, shown, guard, ...where(running, guard, target));
  const intent = contents.reduce<ImageIntent>(
    (each, content, i) => ('text' in content ? parts[i]!.put(each, content.text.text) : each),
    request,
  );
  return { intent, warnings };
}

/** The 400 for an image that was drawn and that the guardrail blocks which its request has passed; undefined for one that it lets pass. */
export async function guardedImage(
  running: ImagesRun,
  image: string,
  target: Target,
): Promise<GatewayError | undefined> {
  const { deps, passed } = running;
  if (!passed?.guard) return undefined;
  const { guard } = passed;
  const name = written('the image that was drawn');
  const shown = { contents: [shownImage(image, name)], nameOf: () => name, source: 'OUTPUT' } as const;
  try {
    await guardedContents(deps, shown, guard, ...where(running, guard, target));
    return undefined;
  } catch (thrown) {
    const error = toGatewayError(thrown);
    if (error.code !== 'content_filter') throw error;
    // No parameter of the request is at fault.
    return new GatewayError({
      status: 400,
      reason: 'bad_request',
      code: 'content_filter',
      message: error.text,
    });
  }
}

/** A guardrail is asked where it is, whatever region draws. */
function where({ deps, context, deadline }: ImagesRun, { guardrail }: Guard, target: Target) {
  const region = guardrailRegion(guardrail, context.caller.region ?? deps.config.region);
  return [{ ...target, region }, context, deadline] as const;
}

const texts: readonly ImageOption[] = imageOptionNames.filter((name) => imageOptions[name].type === 'text');

function partsOf({ prompt, images, mask, options }: ImageIntent): Part[] {
  const said = texts.flatMap((name): Part[] => {
    const text = options[name];
    if (typeof text !== 'string' || text === '') return [];
    const put: Part['put'] = (intent, masked) => ({
      ...intent,
      options: { ...intent.options, [name]: masked },
    });
    return [{ content: { text: { text } }, name: written(name), put }];
  });
  const asked: Part[] = prompt
    ? [
        {
          content: { text: { text: prompt } },
          name: field('prompt'),
          put: (intent, text) => ({ ...intent, prompt: text }),
        },
      ]
    : [];
  const shown = images.map(({ bytes }, i): Part => {
    const name = images.length === 1 ? field('images') : field('images', i);
    return { content: shownImage(bytes, name), name, put: (intent) => intent };
  });
  const masked: Part[] = mask
    ? [{ content: shownImage(mask.bytes, field('mask')), name: field('mask'), put: (intent) => intent }]
    : [];
  return [...asked, ...said, ...shown, ...masked];
}
