import type { Schema } from '../../converse/request.ts';

/** Where a value stands: the member's name, and what its schema says of it. */
export interface Place {
  name?: string;
  description?: string;
}

/** Decides what a schema leaves open. */
export interface Choices {
  /** A text for this place. */
  word(place: Place): string;
  /** Whether an optional member is given; `depth` is 0 for the members of the whole. */
  wants(name: string, owner: Schema, depth: number): boolean;
  /** How good a value is where there are several: the highest is tried first; of equals the schema's first. */
  weigh?(value: unknown, place: Place): number;
}

/** What is passed down while a value is made. */
export interface Making {
  /** What references lead into. */
  root: Schema;
  choices: Choices;
  place: Place;
  depth: number;
  /** Above 0: another value than for the numbers before, for items that must differ. */
  nth: number;
  /** Parts that may still be made, all that is tried included. */
  budget: { left: number };
  /** The value of a part. */
  make(schema: unknown, making: Making): unknown;
}
