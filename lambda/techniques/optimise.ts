import type { CanonicalRequest } from '../canonical/request.ts';
import type { ConverseAnswer, ConverseEvent, Usage } from '../canonical/types.ts';
import { unfold } from '../canonical/unfold.ts';
import type { Plan } from '../engine/plan.ts';
import type { Engine, Outcome, RequestContext } from '../engine/types.ts';
import { toGatewayError } from '../errors.ts';
import { type Source, single } from '../streams/source.ts';
import { restOf } from './account.ts';
import type { Admitted } from './admit.ts';
import { ChoiceStream } from './choice-stream.ts';
import { Run } from './run.ts';
import type { TechniqueSettings } from './select.ts';
import { nodesOf } from './stages.ts';
import { shown, worstOf } from './stopped.ts';
import { TextFeed } from './text-feed.ts';
import type { Services, Told } from './types.ts';
import { type Choices, walk } from './walk.ts';

export interface OptimiseOptions {
  admitted: Admitted;
  client: CanonicalRequest;
  engine: Engine;
  context: RequestContext;
  plan: Plan;
  /** For the models of roles, by their names. */
  plans: ReadonlyMap<string, Plan>;
  settings: Pick<TechniqueSettings, 'optimisationConcurrency' | 'optimisationProgress'>;
  /** Inner calls that may be under way without sending more at once than a request may. */
  mostAtOnce: number;
  /** Epoch milliseconds. */
  now: () => number;
  random: () => number;
  services: Services;
  /** Called with a fault of our own that costs one branch. */
  onUnexpected: (error: unknown) => void;
  log?: ((message: string, facts: Record<string, unknown>) => void) | undefined;
}

/** Answers of which the last has with it what all calls have used, and the first says what was done. */
export interface OptimisedAnswers {
  outcome: Outcome;
  answers: ConverseAnswer[];
  warnings: readonly string[];
}

/** Runs what was admitted for a client that waits. Rejects with the most useful error when no choice comes to anything. */
export async function optimise(options: OptimiseOptions): Promise<OptimisedAnswers> {
  const run = runOf(options, false, { onBegun: () => {}, onProgress: () => {} });
  const told = new Map<number, { outcome: Outcome; answer: ConverseAnswer }>();
  const errors: unknown[] = [];
  await walkAll(run, options, {
    told: (choice, { outcome, answer }) => {
      if (!answer) throw new Error('unreachable: nothing streams');
      told.set(choice, { outcome, answer });
    },
    failed: (choice, error) => {
      errors.push(error);
      if (options.admitted.choices > 1) run.account.warn(failureOf(options, choice, error));
    },
  });
  const inOrder = [...told].sort(([one], [other]) => one - other).map(([, each]) => each);
  const [first] = inOrder;
  if (!first) throw shown(worstOf(errors));
  return {
    outcome: first.outcome,
    answers: withSums(
      run,
      inOrder.map(({ answer }) => answer),
    ),
    warnings: run.account.warnings,
  };
}

function withSums({ account }: Run, answers: ConverseAnswer[]): ConverseAnswer[] {
  const [first, ...others] = answers;
  if (!first) return [];
  const usage = restOf(
    account.usage,
    others.map((answer) => answer.usage),
    first.usage,
  );
  return [{ ...first, usage, optimisation: account.render() }, ...others];
}

export interface OptimisedStream {
  /** Who answers, as far as it is known. */
  outcome: Outcome | undefined;
  choices: Source<ConverseEvent[]>[];
  /** Lines that say how far it is; ends with the choices. */
  progress: Source<string>;
  /** What is known to have gone wrong when the stream begins. */
  warnings: readonly string[];
}

/**
 * The same for a client that streams: resolves when the first inner call has begun to answer, so that a refusal of
 * everything is still a real status. `asReasoning`: progress goes out as reasoning, where the settings say so.
 */
export async function optimiseStream(
  options: OptimiseOptions,
  asReasoning: boolean,
): Promise<OptimisedStream> {
  const { choices: count } = options.admitted;
  const begun = Promise.withResolvers<Outcome | undefined>();
  const progress = new TextFeed();
  const isReasoning = asReasoning && options.settings.optimisationProgress === 'reasoning';
  const run: Run = runOf(options, true, {
    onBegun: (outcome, isMain) => begun.resolve(isMain ? outcome : undefined),
    onProgress: (text) => {
      if (isReasoning) for (const each of streams) each.say(text);
      else progress.push(text);
    },
  });
  const told: Usage[] = [];
  const errors: unknown[] = [];
  let open = count;
  /** The sums go with the choice that ends last. */
  const closing = (own: Usage) => {
    open -= 1;
    if (open > 0) {
      told.push(own);
      return { usage: own };
    }
    progress.end();
    return { usage: restOf(run.account.usage, told, own), optimisation: run.account.render() };
  };
  const streams = Array.from(
    { length: count },
    (_, choice) => new ChoiceStream({ closing, failed: (error) => failed(choice, error) }),
  );
  const failed = (choice: number, error: unknown) => {
    errors.push(error);
    if (count > 1) run.account.warn(failureOf(options, choice, error));
    const isLast = open === 1;
    if (isLast && errors.length === count) {
      const worst = shown(worstOf(errors));
      progress.end();
      begun.reject(worst);
      streams[choice]?.fail(worst);
    } else streams[choice]?.leave(closing(nothing));
  };
  walkAll(run, options, {
    told: (choice, each) => streams[choice]?.follow(eventsOf(each)),
    failed,
  });
  const outcome = await begun.promise;
  for (const each of streams) each.begin();
  return { outcome, choices: streams, progress, warnings: run.account.warnings };
}

const nothing: Usage = { inputTokens: 0, outputTokens: 0, totalTokens: 0 };

const eventsOf = ({ answer, events }: Told): Source<ConverseEvent[]> =>
  answer ? single(unfold(answer)) : (events as Source<ConverseEvent[]>);

function failureOf({ admitted, onUnexpected }: OptimiseOptions, choice: number, error: unknown): string {
  const { reason } = toGatewayError(shown(error));
  if (reason === 'internal') onUnexpected(error);
  return `${admitted.labels[choice] ?? `branch ${choice + 1}`} came to nothing (${reason})`;
}

function runOf(
  { admitted, settings, mostAtOnce, ...options }: OptimiseOptions,
  streaming: boolean,
  events: Pick<Run['options'], 'onBegun' | 'onProgress'>,
): Run {
  const { selection, technique, warnings, nodes } = admitted;
  const run = new Run({
    ...options,
    ...events,
    technique,
    streaming,
    models: selection.models,
    maxCalls: selection.maxCalls,
    maxOutputTokens: selection.maxOutputTokens,
    concurrency: Math.min(settings.optimisationConcurrency, mostAtOnce),
    wants: {
      json: options.client.intent.outputFormat !== undefined,
      variables: Object.values(options.client.converse.promptVariables ?? {}).map(({ text }) => text),
      contextTokens: options.plan.steps[0]?.contextTokens,
    },
    log: options.log,
  });
  for (const warning of warnings) run.account.warn(warning);
  for (const { share } of nodesOf(nodes)) run.budget.open(share);
  return run;
}

async function walkAll(run: Run, { admitted, client }: OptimiseOptions, choices: Choices): Promise<void> {
  const { messages, system = [] } = client.converse;
  const state = { conversation: { messages, system }, wrappers: [] };
  await Promise.all(admitted.nodes.map((node) => walk(run, node, state, choices)));
}
