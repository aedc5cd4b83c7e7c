import type { Answer } from '../answer/answer.ts';
import type { ConverseRequest } from '../converse/request.ts';
import type { BedrockError } from '../errors.ts';
import type { Call, Reply } from '../operation.ts';

/** Something unusual that a call can be made to meet. `docs/simulator.md` lists them all. */
export interface Scenario {
  name: string;
  /** As written in a prompt, with its arguments. */
  example: string;
  does: string;
  /** The model `simulator.<name>-v1:0` shows in ListFoundationModels; all are callable. */
  listed?: true;
  /** Refuses the call before anything is sent. */
  refuse?(cue: Cue): BedrockError | undefined;
  /** Changes what the model says. */
  rewrite?(answer: Answer, cue: Cue): Answer;
  /** Changes how it is sent. */
  deliver?(reply: Reply, cue: Cue): Reply;
}

/** One use of a scenario. */
export interface Cue {
  call: Call;
  /** What was asked, as Converse would put it, whatever the operation. */
  request: ConverseRequest;
  args: readonly string[];
  /** How often this very prompt has met this scenario, this time included. */
  tries: number;
  streams: boolean;
}

/** The n-th argument as a number. */
export function numberAt(args: readonly string[], index: number, fallback: number): number {
  const value = Number(args[index]);
  return args[index] !== undefined && Number.isFinite(value) ? value : fallback;
}
