/** The plain input of a custom tool's call, from the JSON it was wrapped in; an object without any is an empty one. */
export function customInput(argumentsJson: string): string {
  try {
    const { input } = JSON.parse(argumentsJson) as { input?: unknown };
    if (typeof input === 'string') return input;
    return argumentsJson === '{}' ? '' : argumentsJson;
  } catch {
    return argumentsJson;
  }
}
