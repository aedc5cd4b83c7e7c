/** A Converse request as it is on the wire; bytes are base64 strings. Checked by `rules/` before anyone relies on it. */
export interface ConverseRequest {
  messages?: Message[];
  system?: SystemBlock[];
  inferenceConfig?: { maxTokens?: number; temperature?: number; topP?: number; stopSequences?: string[] };
  toolConfig?: { tools?: Tool[]; toolChoice?: { auto?: object; any?: object; tool?: { name: string } } };
  guardrailConfig?: { guardrailIdentifier: string; guardrailVersion: string; trace?: string };
  additionalModelRequestFields?: Record<string, unknown>;
  additionalModelResponseFieldPaths?: string[];
  performanceConfig?: { latency?: string };
  serviceTier?: { type: string };
  outputConfig?: {
    textFormat?: { type: string; structure: { jsonSchema: { schema: string; name?: string } } };
    effort?: string;
  };
}

export interface Message {
  role: string;
  content: ContentBlock[];
}

export interface Tool {
  toolSpec?: { name: string; description?: string; inputSchema: { json: Schema }; strict?: boolean };
  systemTool?: { name: string };
  cachePoint?: CachePoint;
}

/** JSON Schema, as far as anyone looks into it here. */
export interface Schema {
  type?: string | string[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  enum?: unknown[];
  const?: unknown;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  $ref?: string;
  $defs?: Record<string, Schema>;
  [keyword: string]: unknown;
}

export interface CachePoint {
  type: string;
  ttl?: string;
}

export interface Source {
  bytes?: string;
  s3Location?: { uri: string };
  text?: string;
  content?: { text: string }[];
}

export interface ContentBlock {
  text?: string;
  image?: { format: string; source: Source };
  document?: { name: string; format?: string; source: Source; citations?: { enabled: boolean } };
  video?: { format: string; source: Source };
  audio?: { format: string; source: Source };
  toolUse?: { toolUseId: string; name: string; input: unknown; type?: string };
  toolResult?: ToolResult;
  guardContent?: { text?: { text: string }; image?: object };
  cachePoint?: CachePoint;
  reasoningContent?: { reasoningText?: { text?: string; signature?: string }; redactedContent?: string };
  citationsContent?: { content?: { text: string }[] };
  searchResult?: object;
}

export interface ToolResult {
  toolUseId: string;
  content: {
    text?: string;
    json?: unknown;
    image?: ContentBlock['image'];
    document?: ContentBlock['document'];
    video?: object;
    searchResult?: object;
  }[];
  status?: string;
  type?: string;
}

export type SystemBlock = {
  text?: string;
  guardContent?: { text?: { text: string } };
  cachePoint?: CachePoint;
};

/** A block with the place where it stands, as error messages name it. */
export interface Placed {
  block: ContentBlock;
  /** Of the message, from 0. */
  turn: number;
  index: number;
  role: string;
}

export function placedBlocks(request: ConverseRequest): Placed[] {
  return (request.messages ?? []).flatMap(({ role, content }, turn) =>
    content.map((block, index) => ({ block, turn, index, role })),
  );
}

/** The last text that the user wrote; tool results are not the user's words. */
export function lastUserText(request: ConverseRequest): string {
  const texts = (request.messages ?? []).filter(({ role }) => role === 'user').map(textOf);
  return texts.findLast((text) => text.trim() !== '') ?? '';
}

export const textOf = ({ content }: Message): string => content.map(textOfBlock).join(' ').trim();

/** The words of a block, whether a guardrail is to look at it or not. */
export const textOfBlock = ({ text, guardContent }: SystemBlock | ContentBlock): string =>
  text ?? guardContent?.text?.text ?? '';

/** Turns of the same role become one, as Bedrock does since 2026. */
export function mergeTurns(messages: readonly Message[]): Message[] {
  const merged: Message[] = [];
  for (const message of messages) {
    const last = merged.at(-1);
    if (last && last.role === message.role) last.content = [...last.content, ...message.content];
    else merged.push({ ...message });
  }
  return merged;
}
