/** The bytes are not, or not completely, an event stream. */
export class CorruptStream extends Error {
  override name = 'CorruptStream';
}
