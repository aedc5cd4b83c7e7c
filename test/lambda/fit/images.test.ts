import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { GatewayError } from '../../../lambda/errors.ts';
import { fitImage, type ImageIntent, nearestRatio } from '../../../lambda/fit/images.ts';
import { imageFamilies, imageFamilyOf, imageFormats } from '../../../lambda/models/images/families.ts';
import {
  aspectRatios,
  type ImageOption,
  imageOptionNames,
  imageOptions,
} from '../../../lambda/models/images/options.ts';
import { checkBody } from '../../../local/simulator/invoke/body-schema.ts';
import { imageServices } from '../../../local/simulator/invoke/image-services.ts';
import { otherModels } from '../../../local/simulator/models/other-models.ts';
import { png } from '../../support/images.ts';

const picture = {
  bytes: png({ width: 2, height: 2, samples: 1 }).toString('base64'),
  format: 'png',
} as const;
const drawing = otherModels.filter(({ id }) => id.startsWith('stability.'));

function anyOf(name: ImageOption): fc.Arbitrary<string | number> {
  const range = imageOptions[name];
  switch (range.type) {
    case 'text':
      return fc.string({ maxLength: 20 });
    case 'word':
      return fc.constantFrom<string>(...range.words);
    case 'integer':
      return fc.integer({ min: range.min, max: range.max });
    case 'number':
      return fc.double({ min: range.min, max: range.max, noNaN: true });
    default:
      return range satisfies never;
  }
}

const options = fc.record(Object.fromEntries(imageOptionNames.map((name) => [name, anyOf(name)])), {
  requiredKeys: [],
});
const intents: fc.Arbitrary<ImageIntent> = fc.record({
  task: fc.constantFrom('generate', 'edit'),
  prompt: fc.option(fc.string({ minLength: 1 }), { nil: undefined }),
  images: fc.array(fc.constant(picture), { maxLength: 2 }),
  mask: fc.option(fc.constant(picture), { nil: undefined }),
  size: fc.option(
    fc.record({ width: fc.integer({ min: 10, max: 99999 }), height: fc.integer({ min: 10, max: 99999 }) }),
    {
      nil: undefined,
    },
  ),
  transparent: fc.boolean(),
  format: fc.option(fc.constantFrom(...imageFormats), { nil: undefined }),
  options,
});

test('every model of the account that draws has one family, and every family a model', () => {
  expect(drawing.map(({ id }) => imageFamilyOf(id)?.title)).not.toContain(undefined);
  for (const { match } of imageFamilies) expect(drawing.filter(({ id }) => match.test(id))).toHaveLength(1);
});

describe.each(drawing.map(({ id }) => id))('%s', (id) => {
  const family = imageFamilyOf(id)!;
  const { schema } = imageServices.find(({ match }) => match.test(id))!;
  const taken = (name: string) => (family.options as readonly string[]).includes(name);

  test('whatever is asked for: a body that the model takes, or a 400 that names what it does not', () => {
    fc.assert(
      fc.property(intents, (intent) => {
        try {
          const { body } = fitImage(intent, family);
          checkBody(body, schema);
        } catch (error) {
          if (!(error instanceof GatewayError)) throw error;
          expect(error.status).toBe(400);
          expect(error.param).not.toBeNull();
        }
      }),
    );
  });

  test('what it can do is taken as it is', () => {
    const possible = intents.map((intent): ImageIntent => {
      const task = family.tasks.at(-1) ?? 'edit';
      const needed = (family.required ?? []).flatMap(([name]) =>
        name ? [[name, imageOptions[name].type === 'text' ? 'a' : 1]] : [],
      );
      const own = Object.entries(intent.options).filter(([name]) => taken(name) && name !== 'creativity');
      return {
        ...intent,
        task,
        prompt: 'a cat',
        images: family.images.map(() => picture),
        mask: family.mask ? intent.mask : undefined,
        transparent: false,
        format: family.formats.find((format) => format === intent.format),
        options: Object.fromEntries([...own, ...needed]),
      };
    });
    fc.assert(
      fc.property(possible, (intent) => {
        const { body } = fitImage(intent, family);
        checkBody(body, schema);
        for (const [name, value] of Object.entries(intent.options))
          if (name !== 'aspect_ratio') expect(body[name]).toEqual(value);
        for (const name of family.images) expect(body[name]).toBe(picture.bytes);
      }),
    );
  });
});

describe('sizes', () => {
  test.each([
    ['1024x1024', '1:1'],
    ['1536x1024', '3:2'],
    ['1024x1536', '2:3'],
    ['1792x1024', '16:9'],
    ['1024x1792', '9:16'],
    ['256x256', '1:1'],
    ['1280x1024', '5:4'],
    ['100x5000', '9:21'],
  ])('%s is %s', (size, ratio) => {
    const [width = 0, height = 0] = size.split('x').map(Number);
    expect(nearestRatio({ width, height })).toBe(ratio);
  });

  test('no ratio is nearer; turned by a right angle, so is the ratio', () => {
    const side = fc.integer({ min: 10, max: 99999 });
    const far = (width: number, height: number, ratio: string) => {
      const [x = 1, y = 1] = ratio.split(':').map(Number);
      return Math.abs(Math.log((width * y) / (height * x)));
    };
    fc.assert(
      fc.property(side, side, (width, height) => {
        const ratio = nearestRatio({ width, height });
        for (const other of aspectRatios)
          expect(far(width, height, ratio)).toBeLessThanOrEqual(far(width, height, other) + 1e-12);
        const turned = ratio.split(':').reverse().join(':');
        expect(far(height, width, nearestRatio({ width: height, height: width }))).toBeCloseTo(
          far(height, width, turned),
        );
      }),
    );
  });
});
