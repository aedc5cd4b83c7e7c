import type { TokenCounts } from '../../lambda/accounting/tokens.ts';
import type { StepResult } from '../../lambda/accounting/trace.ts';
import { GatewayError } from '../../lambda/errors.ts';
import { describe } from '../commands/command.ts';
import { showMoney } from '../conversations/money.ts';
import type { Answer } from './answer.ts';
import { cleanText } from './screen/clean-text.ts';

/** What a person is told beside an answer, a line each. */

/** Everything but the model: who answered instead of whom, what was lost, how it ended. */
export function notesOn({ reply, turn, ending, error }: Answer): string[] {
  const { steps, warnings, ignored } = reply;
  return [
    ...(steps.length > 1 ? [failover(steps)] : []),
    ...warnings.map((warning) => `Warning: ${warning}.`),
    ...(ignored.length > 0 ? [`Without effect on this model: ${ignored.join(', ')}.`] : []),
    ...(ending === 'incomplete'
      ? [endings[turn.stopReason] ?? `The answer ended early: ${turn.stopReason}.`]
      : []),
    ...(ending === 'stopped' ? ['Stopped; what came is kept.'] : []),
    ...(error ? [`The answer broke off: ${error.message}`] : []),
  ].map(cleanText);
}

function failover(steps: readonly StepResult[]): string {
  const last = steps.at(-1);
  const before = steps.slice(0, -1).map(({ model, region, result }) => `${model} in ${region}: ${result}`);
  return `${last?.model} in ${last?.region} answered, after ${before.join('; ')}.`;
}

const endings: Record<string, string> = {
  max_tokens: 'The answer was cut at its limit of tokens (--max-tokens).',
  model_context_window_exceeded: 'The answer was cut: the conversation fills the model’s context.',
  guardrail_intervened: 'A guardrail intervened.',
  content_filtered: 'A content filter stopped the answer.',
  refusal: 'The model declined to answer.',
};

/** `us.anthropic.claude-… in us-east-1 · 12 tokens in, 34 out · $0.0012` */
export function spentOn({ turn }: Pick<Answer, 'turn'>): string {
  const { model, tokens, estimated, cost } = turn;
  const where = model.region ? ` in ${model.region}` : '';
  return cleanText(
    [
      `${model.used ?? model.asked}${where}`,
      tokens ? countsOf(tokens, estimated) : 'tokens unknown',
      showMoney(cost),
    ].join(' · '),
  );
}

export function countsOf(tokens: TokenCounts, estimated = false): string {
  const { input, output, cacheRead, cacheWrite, cacheWriteLong } = tokens;
  const all = input + cacheRead + cacheWrite + cacheWriteLong;
  const cached = cacheRead > 0 ? ` (${cacheRead} from the cache)` : '';
  return `${estimated ? 'about ' : ''}${all} tokens in${cached}, ${output} out`;
}

/** A failure before anything had begun. */
export function failureOf(error: unknown): string {
  if (!(error instanceof GatewayError)) return describe(error);
  return cleanText(error.reason === 'upstream_auth' ? notSignedIn : error.message);
}

/** The gateway's own words are for those who ask somebody else's; here its operator is the person who asks. */
const notSignedIn =
  'Amazon Bedrock did not accept the AWS credentials of this machine, or there are none. What is wrong: npx gateway doctor';
