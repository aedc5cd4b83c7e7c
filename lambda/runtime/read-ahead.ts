/**
 * A middleware that begins a read which requests will need, while Lambda still starts the environment; a request
 * that comes before it has succeeded begins it anew instead of waiting until it needs it. `read` must not reject,
 * and must do nothing when what it reads is there.
 *
 * @example middy(options).use(readAhead(() => gateway.warm()))
 */
export function readAhead(read: () => Promise<void>) {
  void read();
  return {
    before(): void {
      void read();
    },
  };
}
