/** One step of the way to an answer: becomes `x-gateway-attempts`. */
export interface Attempt {
  model: string;
  region: string;
  /** `ok`, or the reason of the failure. */
  result: string;
}
