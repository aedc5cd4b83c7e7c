import type { ToolChoice } from '../../canonical/types.ts';
import { badRequest } from '../shared/bad-request.ts';
import { notAllowed } from '../shared/json.ts';

/** What a client's choice among its tools means. */
export interface Choice {
  toolChoice?: ToolChoice;
  none?: boolean;
  /** `allowed_tools`: the only tools that are offered. */
  only?: ReadonlySet<string>;
}

/** The choices that name no tool. */
export function readMode(mode: string, path: string): Choice {
  switch (mode) {
    case 'none':
      return { none: true };
    case 'auto':
      return { toolChoice: { auto: {} } };
    case 'required':
    case 'any':
      return { toolChoice: { any: {} } };
    default:
      throw notAllowed(mode, path, ['none', 'auto', 'required', 'a named tool']);
  }
}

export function unknownTool(name: string, path: string, names: Iterable<string>) {
  const known = [...names].slice(0, 20).join(', ') || 'none';
  return badRequest(
    `Invalid value for '${path}': no tool is named '${name.slice(0, 64)}'. Tools given: ${known}.`,
    path,
  );
}
