import type { NativeRequest } from '../../canonical/native.ts';
import type { Json, JsonObject } from '../../canonical/types.ts';
import { written } from '../../fields.ts';
import { ignore } from '../notes.ts';
import { flagsToSend } from './betas.ts';
import { type Claude, type NativeDraft, objectAt, takesFlag } from './draft.ts';
import { type Keeping, kept } from './keep.ts';
import type { RecordOf } from './known.ts';
import { flags, body as known } from './members.ts';
import { memberAt } from './path.ts';

/** What InvokeModel wants in the body of a Claude. */
const version = 'bedrock-2023-05-31';

/**
 * Members without a meaning on Bedrock that clients need not hear of: of the gateway's own, of Anthropic's billing and
 * routing, and those that have been read by now.
 */
const silent: ReadonlySet<string> = new Set([
  'anthropic_beta',
  'anthropic_version',
  'betas',
  'billing_policy',
  'container',
  'diagnostics',
  'fallback_credit_token',
  'fallbacks',
  'inference_geo',
  'mcp_servers',
  'model',
  'output_format',
  'service_tier',
  'speed',
  'stream',
  'tags',
  'thread',
  'user_profile_id',
  'workspace_id',
]);

/** Characters of a member's name that are named. */
const longest = 64;

/** The body with nothing in it but members of the table, and the flags that these need. */
export function finished(draft: NativeDraft, capabilities: Claude, request: NativeRequest): NativeRequest {
  const needed = new Set<string>();
  if (objectAt(draft.body.output_config)?.effort !== undefined && capabilities.messages.effortsByBeta)
    needed.add(flags.effort);
  if (objectAt(draft.body.thinking)?.display === 'updates') needed.add(flags.displayUpdates);
  const whole = bodyOf(draft);
  nameIgnored(draft, whole);
  const sent = kept(whole, known, keepingFor(draft, capabilities, needed)) as JsonObject;
  const betas = flagsToSend(draft, capabilities, needed);
  const { anthropic_version: _, ...rest } = withoutEmpty(sent);
  return {
    ...request,
    body: { anthropic_version: version, ...(betas.length > 0 && { anthropic_beta: betas }), ...rest },
    betas,
    settings: draft.settings,
  };
}

function bodyOf({ body, messages, system, tools }: NativeDraft): JsonObject {
  return {
    ...body,
    ...(system !== undefined && { system }),
    messages: messages as unknown as Json,
    ...(tools.length > 0 && { tools }),
  };
}

function nameIgnored(draft: NativeDraft, body: JsonObject): void {
  for (const [name, value] of Object.entries(body)) {
    if (value === null || silent.has(name) || Object.hasOwn(known.members, name)) continue;
    ignore(draft, written(name.slice(0, longest)));
  }
  if (objectAt(body.output_config)?.task_budget != null) ignore(draft, written('output_config.task_budget'));
}

function keepingFor(draft: NativeDraft, capabilities: Claude, needed: Set<string>): Keeping {
  const refused = refusedMembers(capabilities);
  return {
    flagOf: (names) =>
      names.find((flag) => draft.betas.includes(flag) && takesFlag(capabilities, flag)) ??
      names.find((flag) => takesFlag(capabilities, flag)),
    needs: (flag) => needed.add(flag),
    isRefused: (record, name) => refused.get(record)?.has(name) ?? false,
  };
}

function refusedMembers({ messages }: Claude): Map<RecordOf, Set<string>> {
  const refused = new Map<RecordOf, Set<string>>();
  for (const path of messages.refused ?? []) {
    const member = memberAt(path);
    if (member) refused.set(member.record, (refused.get(member.record) ?? new Set()).add(member.name));
  }
  return refused;
}

/** Empty members say nothing. */
function withoutEmpty(body: JsonObject): JsonObject {
  const isEmpty = (value: Json): boolean =>
    typeof value === 'object' && value !== null && Object.keys(value).length === 0;
  const empty = ['metadata', 'output_config', 'context_management'].filter((name) =>
    isEmpty(body[name] ?? null),
  );
  return Object.fromEntries(Object.entries(body).filter(([name]) => !empty.includes(name)));
}
