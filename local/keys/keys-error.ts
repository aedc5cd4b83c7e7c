/** Something the user has to put right. */
export class KeysError extends Error {
  override name = 'KeysError';
}
