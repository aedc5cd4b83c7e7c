import { anthropic, type Rule } from './rule.ts';

const name = /^[ \t]*x-anthropic-billing-header\s*:/im;
/** As Claude Code writes it. */
const wellFormed =
  /^x-anthropic-billing-header: (?=.*\bcc_version=)(?=.*\bcc_entrypoint=)(?:\w+=[^;\n]*;\s?)+$/;

/**
 * Reported by anthropics/claude-code#24168, anthropics/claude-code-action#928 and musistudio/claude-code-router#1161. Today
 * Claude Code sends the line in its Bedrock mode too: by InvokeModel, first, and in a block of its own. That nothing else is
 * taken is assumed.
 */
export const billingLineRules: Rule[] = [
  {
    name: 'the system prompt holds no reserved line',
    binds: anthropic,
    from: 'provider',
    breach: ({ system = [] }, { invoke }) =>
      system.some(({ text = '' }, i) => name.test(text) && !(invoke && i === 0 && wellFormed.test(text)))
        ? 'x-anthropic-billing-header is a reserved keyword and may not be used in the system prompt.'
        : undefined,
  },
];
