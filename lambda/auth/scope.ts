/**
 * Whether a name fits a pattern, in which `*` stands for any characters, also none. Each part between stars is
 * looked for at its first place after the one before: linear, where a regular expression is not.
 */
export function fitsPattern(pattern: string, name: string): boolean {
  const [head = '', ...parts] = pattern.split('*');
  const tail = parts.pop();
  if (tail === undefined) return pattern === name;
  if (!name.startsWith(head) || name.length < head.length + tail.length || !name.endsWith(tail)) return false;
  let at = head.length;
  for (const part of parts) {
    const found = name.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return at <= name.length - tail.length;
}

/**
 * Whether an ARN fits a pattern. A star stays within the part it stands in (partition, service, region, account),
 * so that nothing in an id can pass for an account; in the pattern's last part it stands for all the rest.
 */
export function fitsArnPattern(pattern: string, arn: string): boolean {
  const wanted = pattern.split(':');
  const parts = arn.split(':');
  const last = wanted.length - 1;
  if (parts.length < wanted.length) return false;
  const rest = parts.slice(last).join(':');
  return (
    wanted.slice(0, last).every((part, i) => fitsPattern(part, parts[i] ?? '')) &&
    fitsPattern(wanted[last] ?? '', rest)
  );
}
