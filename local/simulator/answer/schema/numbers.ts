import type { Schema } from '../../converse/request.ts';
import { commonMultiple } from './merge.ts';

interface Bounds {
  least: number;
  /** Whether `least` itself is too small. */
  above: boolean;
  most: number;
  /** Whether `most` itself is too large. */
  below: boolean;
  /** Every number is a multiple of it, where there is one. */
  step: number | undefined;
}

/** Numbers within all bounds of a schema at once: 1 where it may be, and its neighbours for `nth` above 0. */
export function* numbersFor(schema: Schema, whole: boolean, nth: number): Generator<number> {
  const bounds = boundsOf(schema, whole);
  const { least, most, step } = bounds;
  const wanted = 1 + nth;
  const start = Math.min(Math.max(wanted, least), most);
  if (step !== undefined) {
    const up = multiple(Math.ceil(start / step), step);
    const down = multiple(Math.floor(start / step), step);
    for (const each of [up, down, up + step, down - step]) yield multiple(Math.round(each / step), step);
    yield multiple(Math.ceil(least / step) + nth, step);
    yield multiple(Math.floor(least / step) + 1 + nth, step);
    yield multiple(Math.floor(most / step) - nth, step);
    yield multiple(Math.ceil(most / step) - 1 - nth, step);
    return;
  }
  yield start;
  yield* between(bounds, nth);
}

function boundsOf(schema: Schema, whole: boolean): Bounds {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema;
  const [floor, ceiling] = [number(minimum), number(maximum)];
  const [above, below] = [number(exclusiveMinimum), number(exclusiveMaximum)];
  const least = Math.max(floor ?? Number.NEGATIVE_INFINITY, above ?? Number.NEGATIVE_INFINITY);
  const most = Math.min(ceiling ?? Number.POSITIVE_INFINITY, below ?? Number.POSITIVE_INFINITY);
  const given = number(multipleOf);
  const step =
    given !== undefined && given > 0 ? (whole ? commonMultiple(1, given) : given) : whole ? 1 : undefined;
  return {
    least,
    above: exclusiveMinimum === true || above === least,
    most,
    below: exclusiveMaximum === true || below === most,
    step,
  };
}

const number = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);

/** Without the noise of floating point: three times 0.1 is 0.3. */
const multiple = (count: number, step: number): number => Number((count * step).toPrecision(15));

function* between({ least, most }: Bounds, nth: number): Generator<number> {
  const bounded = Number.isFinite(least) && Number.isFinite(most);
  if (bounded) yield least + (most - least) * ((nth + 1) / (nth + 2));
  if (Number.isFinite(least)) yield least + 1 + nth;
  if (Number.isFinite(most)) yield most - 1 - nth;
  if (Number.isFinite(least))
    yield least + Math.max(Number.MIN_VALUE, Math.abs(least) * 2 ** -50) * (nth + 1);
  if (Number.isFinite(most)) yield most - Math.max(Number.MIN_VALUE, Math.abs(most) * 2 ** -50) * (nth + 1);
}
