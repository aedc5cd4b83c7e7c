/** `com.amazon.coral.service#ThrottlingException:http://…` and `throttlingException` → `ThrottlingException`. */
export function exceptionName(raw: string): string {
  const name = raw.split(':')[0]!.split('#').at(-1)!.trim();
  return name.charAt(0).toUpperCase() + name.slice(1);
}
