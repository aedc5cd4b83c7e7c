import type { NativeRequest, NativeSettings } from '../../canonical/native.ts';
import type { CanonicalRequest } from '../../canonical/request.ts';
import { toolChanges } from '../../canonical/tool-changes.ts';
import type { ConverseRequest } from '../../canonical/types.ts';
import type { ModelRequest } from '../../engine/types.ts';
import type { ReadContext } from '../api.ts';
import { badRequest } from '../shared/bad-request.ts';
import { bedrockOwn } from '../shared/bedrock-extensions.ts';
import type { AskedMessages } from './asked.ts';
import { readConversation } from './conversation.ts';
import { holdsConverseOnly, nativeBody } from './native-body.ts';
import type { MessagesRequest } from './schema.ts';
import { checkTools } from './tools.ts';
import { type CheckedMessages, translateMessages } from './translate.ts';
import { readSystem } from './turns.ts';

/** Its own body is made at once. */
export interface ReadMessages extends ModelRequest {
  native?: NativeRequest;
}

/**
 * A request whose parameters have been read, in the shapes in which it can be sent. Everything in it is checked now; it
 * is translated when a model needs that. Throws a 400 that names the path of what is malformed; a 413 for what becomes
 * too large.
 */
export function readRequest(asked: AskedMessages, context: ReadContext): ReadMessages {
  const { request, lane } = asked;
  const turns = readConversation(messagesOf(request));
  const changes = toolChanges(turns);
  const checked: CheckedMessages = {
    ...asked,
    system: readSystem(request.system),
    turns,
    tools: checkTools(request.tools ?? []),
    changes,
    definitions: checkTools([...changes.definitions.values()], 'tool_definition'),
    own: bedrockOwn({ ...request, service_tier: tierOf(request), metadata: undefined }, {}),
  };
  const only = onlyByConverse(checked);
  if (only !== undefined && lane === 'native') throw notNative(only);
  let canonical: CanonicalRequest | undefined;
  return {
    canonical() {
      canonical ??= translateMessages(checked, context);
      return canonical;
    },
    ...(only === undefined && {
      native: {
        api: 'messages',
        body: nativeBody(asked.given, context),
        betas: asked.betas,
        settings: settingsOf(checked.own),
      },
    }),
    lane,
  };
}

/** A managed prompt has messages of its own, and a client that fills in its variables need not send any. */
function messagesOf(request: MessagesRequest): readonly unknown[] {
  const { messages, model, promptVariables, prompt_variables } = request;
  if (promptVariables ?? prompt_variables ?? /:prompt(?:\/|%2f)/i.test(model)) return messages ?? [];
  if (!messages) throw badRequest('messages: Field required', 'messages', 'missing_required_parameter');
  if (messages.length === 0) throw badRequest('messages: at least one message is required', 'messages');
  return messages;
}

/** Claude's own two words leave the choice to the service. */
const tierOf = ({ service_tier: tier }: MessagesRequest): string | undefined =>
  tier === 'standard_only' ? undefined : (tier ?? undefined);

/** What of the request a native body has no place for, as the client would find it. */
function onlyByConverse({ own, system, turns, request }: CheckedMessages): string | undefined {
  const members = [
    'additionalModelRequestFields',
    'additionalModelResponseFieldPaths',
    'promptVariables',
  ] as const;
  if (!request.messages) return 'promptVariables';
  if (system.some(({ type }) => type === 'guarded_text')) return 'system';
  return (
    members.find((name) => own[name] !== undefined) ?? (holdsConverseOnly(turns) ? 'messages' : undefined)
  );
}

function notNative(name: string) {
  const what = name === 'messages' ? 'what `messages` holds (`guarded_text`, or files in S3)' : `\`${name}\``;
  return badRequest(
    `Only Converse carries ${what}. Leave the header \`x-gateway-path\` out, or send it as \`converse\`.`,
    name,
  );
}

function settingsOf(own: Partial<ConverseRequest>): NativeSettings {
  const { guardrailConfig, performanceConfig, serviceTier, requestMetadata } = own;
  return {
    ...(guardrailConfig && { guardrailConfig }),
    ...(performanceConfig && { performanceConfig }),
    ...(serviceTier && { serviceTier }),
    ...(requestMetadata && { requestMetadata }),
  };
}
