/** The plain input of a custom tool's call, from the JSON it was wrapped in. */
export function customInput(argumentsJson: string): string {
  try {
    const { input } = JSON.parse(argumentsJson) as { input?: unknown };
    return typeof input === 'string' ? input : argumentsJson;
  } catch {
    return argumentsJson;
  }
}
