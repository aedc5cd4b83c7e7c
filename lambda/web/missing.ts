/**
 * Gives a class the members of its original that it does not have. Each throws by name when it is used: a library
 * that begins to need one is then found by its first call, and not by an `undefined` somewhere else.
 */
export function refuseMembers(target: object, className: string, names: readonly string[]): void {
  for (const name of names) {
    const refuse = (): never => {
      throw new TypeError(`${className}.${name} is not part of the function’s own ${className} (lambda/web)`);
    };
    Object.defineProperty(target, name, { get: refuse, configurable: true });
  }
}
