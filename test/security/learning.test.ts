import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { metered } from '../../lambda/accounting/meter.ts';
import type { Backend, BackendCall } from '../../lambda/backends/backend.ts';
import type { CanonicalRequest } from '../../lambda/canonical/request.ts';
import type {
  ConverseAnswer,
  ConverseEvent,
  ConverseRequest,
  JsonObject,
} from '../../lambda/canonical/types.ts';
import { readConfig } from '../../lambda/config.ts';
import { createEngine } from '../../lambda/engine/engine.ts';
import { GatewayError } from '../../lambda/errors.ts';
import { createLearned } from '../../lambda/models/learned.ts';
import type { Target } from '../../lambda/models/target.ts';
import { createCooldown } from '../../lambda/policy/cooldown.ts';
import { failed } from '../lambda/policy/failures.ts';
import { fakeClock } from '../lambda/policy/fake-clock.ts';
import { asking, noNativeBackend } from '../support/asking.ts';
import { able } from '../support/capabilities.ts';
import { type ContextParts, requestContext } from '../support/context.ts';
import { itemsOf, sourceOf } from '../support/sources.ts';

/** What one caller is refused must not change what is sent for another. */

const model = 'amazon.nova-lite-v1:0';
const answer: ConverseAnswer = {
  output: { message: { role: 'assistant', content: [{ text: 'ok' }] } },
  stopReason: 'end_turn',
  usage: { inputTokens: 1, outputTokens: 1, totalTokens: 2 },
};

const refusal = (message: string) =>
  new GatewayError({
    status: 400,
    reason: 'bad_request',
    message: 'refused',
    upstream: { name: 'ValidationException', message, status: 400 },
  });

async function* started(failure: GatewayError | undefined): AsyncGenerator<ConverseEvent[]> {
  if (failure) throw failure;
  yield [{ messageStart: { role: 'assistant' } }];
}

interface Failures {
  /** What a stream ends with before its first event. */
  breaks?: (nth: number) => GatewayError | undefined;
}

/** Answers every call, unless `refuses` says what is wrong with its request. */
function setUp(
  refuses: (request: ConverseRequest, nth: number) => string | undefined,
  { breaks = () => undefined }: Failures = {},
) {
  const clock = fakeClock();
  const calls: BackendCall[] = [];
  const check = (call: BackendCall) => {
    calls.push(call);
    const message = refuses(call.request, calls.length);
    if (message !== undefined) throw refusal(message);
  };
  const backend: Backend = {
    async send(call) {
      check(call);
      return { answer, requestId: 'r' };
    },
    async stream(call) {
      check(call);
      return { events: sourceOf(started(breaks(calls.length))), requestId: 'r' };
    },
  };
  const resolve = async (name: string): Promise<Target> => ({
    asked: name,
    id: name,
    region: 'us-east-1',
    backend: 'converse',
    capabilities: able({ maxOutputTokens: 8192, reasoning: { kind: 'budget' } }),
    reportAs: name,
    warnings: [],
  });
  const engine = createEngine({
    config: readConfig({}),
    resolver: {
      resolve,
      explain: async (name) => ({ target: await resolve(name), reasons: [] }),
      afterRefusal: async () => undefined,
    },
    nativeBackend: noNativeBackend,
    backend: async () => metered(backend, clock.now),
    learned: createLearned({ now: clock.now }),
    cooldown: createCooldown({ now: clock.now }),
    clock,
  });
  return { engine: asking(engine), calls, clock };
}

const context = (more: ContextParts = {}) => requestContext({ deadline: Number.MAX_SAFE_INTEGER, ...more });

const parameters = { type: 'object', properties: { q: { type: 'string' } } };
/** A caller who uses whatever a lesson could take away. */
const victim: CanonicalRequest = {
  model,
  converse: {
    system: [{ text: 'S' }, { cachePoint: { type: 'default', ttl: '1h' } }],
    messages: [
      { role: 'assistant', content: [{ text: 'A' }] },
      { role: 'user', content: [{ text: 'U' }] },
      { role: 'assistant', content: [{ text: 'P' }] },
    ],
    inferenceConfig: { temperature: 0.2, topP: 0.3, maxTokens: 5000, stopSequences: ['Z'] },
    toolConfig: {
      tools: [{ toolSpec: { name: 'f', inputSchema: { json: parameters } } }],
      toolChoice: { any: {} },
    },
  },
  intent: { topK: 7 },
};
const thinker: CanonicalRequest = {
  model,
  converse: { messages: [{ role: 'user', content: [{ text: 'U' }] }], inferenceConfig: { maxTokens: 5000 } },
  intent: {
    reasoning: { effort: 'high' },
    outputFormat: { type: 'json_schema', name: 'n', schema: parameters },
  },
};

/** Bedrock's refusals that teach something, as models and Converse word them. */
const sentences = [
  'You invoked an unsupported model or your request did not allow prompt caching.',
  'Malformed input request: #/messages/0/content/1: extraneous key [cachePoint] is not permitted',
  'messages.0.content.1.cache_control.ttl: Extra inputs are not permitted',
  '`temperature` and `top_p` cannot both be specified for this model. Please use only one.',
  '`temperature` is deprecated for this model.',
  "Unsupported parameter: 'temperature' is not supported with this model.",
  "This model doesn't support the topP field. Remove topP and try again.",
  '#: extraneous key [top_k] is not permitted',
  'top_k: Extra inputs are not permitted',
  '"thinking.type.enabled" is not supported for this model.',
  'adaptive thinking is not supported on this model',
  '#: extraneous key [reasoning_effort] is not permitted',
  'thinking: Extra inputs are not permitted',
  'output_config.format: Extra inputs are not permitted',
  'tools.0.custom.strict: Extra inputs are not permitted',
  "This model doesn't support tool use in streaming mode.",
  'The model is unsupported for streaming.',
  "This model doesn't support the toolConfig.toolChoice.any field.",
  "This model doesn't support the toolConfig.toolChoice field.",
  "This model doesn't support system messages.",
  "This model doesn't support citations.",
  "This model doesn't support the stopSequences field.",
  'A conversation must start with a user message.',
  'This model does not support assistant message prefill.',
  'Thinking may not be enabled when tool_choice forces tool use.',
  'The maximum tokens you requested exceeds the model limit of 1. Try again.',
];

/** How Bedrock and the models behind it quote what they refuse. */
const quotations: ((text: string) => string)[] = [
  (text) => text,
  (text) => `${text}: Extra inputs are not permitted`,
  (text) =>
    `Malformed input request: #: extraneous key [${text}] is not permitted, please reformat your input.`,
  (text) => `#/toolConfig/tools/0/toolSpec/inputSchema/json/properties/${text}: wrong`,
  (text) => `tools.0.custom.input_schema.properties.${text}: Input should be a valid dictionary`,
  (text) => `1 validation error detected: Value '${text}' at 'toolConfig' failed to satisfy constraint`,
  (text) => `messages.0.content.0.${text}: Field required`,
  (text) => `"${text}" is not supported for this model.`,
  (text) => `This model doesn't support the ${text} field. Remove ${text} and try again.`,
  (text) => text.replaceAll("'", "\\'").replaceAll('"', '\\"'),
  (text) => `${text.slice(0, 60)}…`,
];

/** Names that Bedrock knows: a client may well use them where they do not belong. */
const members = ['top_k', 'k', 'thinking', 'reasoning_effort', 'temperature', 'topP', 'status', 'cachePoint'];
const text = fc.oneof(
  fc.constantFrom(...sentences),
  fc.constantFrom(...members),
  fc
    .tuple(fc.constantFrom(...sentences), fc.string({ maxLength: 5 }))
    .map(([sentence, more]) => sentence + more),
  fc
    .tuple(fc.string({ maxLength: 5 }), fc.constantFrom(...sentences))
    .map(([before, sentence]) => before + sentence),
);

type Place = (text: string) => { converse?: Partial<ConverseRequest>; intent?: CanonicalRequest['intent'] };
const named = (text: string): JsonObject => ({ [text]: 1 });
const tool = (name: string, json: JsonObject, description = 'd') => ({
  toolConfig: { tools: [{ toolSpec: { name, description, inputSchema: { json } } }] },
});
const said = (content: ConverseRequest['messages'][number]['content']) => ({
  messages: [{ role: 'user' as const, content }],
});
/** Everywhere in a request that a client writes what it likes. */
const places: Record<string, Place> = {
  'an unknown member': (text) => ({ converse: { additionalModelRequestFields: named(text) } }),
  'the value of one': (text) => ({ converse: { additionalModelRequestFields: { x: text } } }),
  'a member within one': (text) => ({
    converse: { additionalModelRequestFields: { x: { y: [named(text)] } } },
  }),
  'the name of a tool': (text) => ({ converse: tool(text, parameters) }),
  'the description of a tool': (text) => ({ converse: tool('f', parameters, text) }),
  'a property of a tool': (text) => ({ converse: tool('f', { type: 'object', properties: { [text]: {} } }) }),
  'a keyword of its schema': (text) => ({ converse: tool('f', { type: 'object', ...named(text) }) }),
  'what the user says': (text) => ({ converse: said([{ text }]) }),
  'the system prompt': (text) => ({ converse: { system: [{ text }] } }),
  'the name of a file': (text) => ({
    converse: said([{ document: { name: text, format: 'txt', source: { text: 'x' } } }, { text: 'x' }]),
  }),
  'a stop sequence': (text) => ({ converse: { inferenceConfig: { stopSequences: [text] } } }),
  'its metadata': (text) => ({ converse: { requestMetadata: { k: text } } }),
  'the schema of the answer': (text) => ({
    intent: {
      outputFormat: {
        type: 'json_schema',
        name: 'n',
        schema: { type: 'object', properties: { [text]: {} } },
      },
    },
  }),
  'its thinking': (text) => ({
    intent: { reasoning: { thinking: { type: 'enabled', budget_tokens: 1024, ...named(text) } } },
  }),
};

const attack = (place: string, text: string): CanonicalRequest => {
  const { converse, intent } = places[place]!(text);
  return {
    model,
    converse: {
      messages: [{ role: 'user', content: [{ text: 'x' }] }],
      // Whatever a repair could change, so that the repaired request is another one and succeeds.
      system: [{ text: 'x' }, { cachePoint: { type: 'default', ttl: '1h' } }],
      ...converse,
      inferenceConfig: {
        temperature: 0.1,
        topP: 0.1,
        maxTokens: 900,
        stopSequences: ['x'],
        ...converse?.inferenceConfig,
      },
    },
    intent: { topK: 3, ...intent },
  };
};

/** What Bedrock is sent for the victims, after whatever happened before. */
async function sentForVictims({ engine, calls }: ReturnType<typeof setUp>) {
  const before = calls.length;
  for (const request of [victim, thinker]) {
    await engine.answer(request, context());
    const { events } = await engine.stream(request, context());
    for await (const _ of itemsOf(events));
  }
  return calls.slice(before).map(({ request }) => request);
}

const refuseOnce = (message: string) => (_: ConverseRequest, nth: number) =>
  nth === 1 ? message : undefined;

describe('nothing is learned from what a client wrote', () => {
  test.each(Object.keys(places))('%s', async (place) => {
    const untouched = await sentForVictims(setUp(() => undefined));
    await fc.assert(
      fc.asyncProperty(text, fc.constantFrom(...quotations), fc.boolean(), async (text, quote, streams) => {
        const stage = setUp(refuseOnce(quote(text)));
        const request = attack(place, text);
        await (streams
          ? stage.engine.stream(request, context())
          : stage.engine.answer(request, context())
        ).catch(() => undefined);
        expect(await sentForVictims(stage)).toEqual(untouched);
      }),
      { numRuns: 60 },
    );
  });
});

const noSystem = "This model doesn't support system messages. Try again without a system message.";
const refusesSystem = ({ system }: ConverseRequest) => (system ? noSystem : undefined);
const plain: CanonicalRequest = {
  model,
  converse: { messages: [{ role: 'user', content: [{ text: 'Hi' }] }], system: [{ text: 'Be brief.' }] },
  intent: {},
};
const credentials = { accessKeyId: 'AKIA', secretAccessKey: 's' };

describe('what a model refuses in its own words', () => {
  test.each(['answer', 'stream'] as const)(
    'is learned when the repaired request succeeds: %s',
    async (how) => {
      const { engine, calls } = setUp(refusesSystem);
      await engine[how](plain, context());
      await engine[how](plain, context());
      expect(calls).toHaveLength(3);
    },
  );

  test('is not when the repaired request is refused as well', async () => {
    const { engine, calls } = setUp((_, nth) => (nth === 1 ? noSystem : nth === 2 ? 'no' : undefined));
    await expect(engine.answer(plain, context())).rejects.toThrow();
    await engine.answer(plain, context());
    expect(calls.at(-1)?.request.system).toEqual([{ text: 'Be brief.' }]);
  });

  test('is not when the repaired stream fails before its first event', async () => {
    const broken = failed('model_error', { mayHaveRun: true });
    const { engine, calls } = setUp((request, nth) => (nth === 1 ? refusesSystem(request) : undefined), {
      breaks: (nth) => (nth === 2 ? broken : undefined),
    });
    await expect(engine.stream(plain, context())).rejects.toBe(broken);
    await engine.stream(plain, context());
    expect(calls.at(-1)?.request.system).toEqual(plain.converse.system);
  });

  test('is not from a call with a caller’s own credentials, who is helped all the same', async () => {
    const { engine, calls } = setUp((request, nth) => (nth === 1 ? refusesSystem(request) : undefined));
    const { warnings } = await engine.answer(plain, context({ credentials }));
    expect(warnings.join()).toContain('the model takes no system messages');
    await engine.answer(plain, context());
    expect(calls.at(-1)?.request.system).toEqual(plain.converse.system);
  });

  test('is tried for a request that quotes it, and not learned from it', async () => {
    const { engine, calls } = setUp((request, nth) => (nth === 1 ? refusesSystem(request) : undefined));
    const asking = {
      ...plain,
      converse: { ...plain.converse, messages: [{ role: 'user' as const, content: [{ text: noSystem }] }] },
    };
    await engine.answer(asking, context());
    await engine.answer(plain, context());
    expect(calls.map(({ request }) => request.system !== undefined)).toEqual([true, false, true]);
  });

  test('is sent once where the repair would change nothing', async () => {
    const { engine, calls } = setUp(
      () => 'The maximum tokens you requested exceeds the model limit of 9000.',
    );
    await expect(engine.answer(plain, context())).rejects.toMatchObject({ status: 400 });
    expect(calls).toHaveLength(1);
  });

  test('is forgotten after a while', async () => {
    const { engine, calls, clock } = setUp((request, nth) =>
      nth === 1 ? refusesSystem(request) : undefined,
    );
    await engine.answer(plain, context());
    await clock.sleep(3_600_000, new AbortController().signal);
    await engine.answer(plain, context());
    expect(calls.at(-1)?.request.system).toEqual(plain.converse.system);
  });
});
