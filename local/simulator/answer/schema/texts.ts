import type { Schema } from '../../converse/request.ts';
import { textsFor } from './pattern.ts';

/** Characters of a text that a schema can make it say. */
const most = 1000;
/** Texts of a pattern that are tried. */
const mostTries = 200;

/** Texts for a schema of a string, `word` among them; the caller takes the first that fits. */
export function* textsOf(schema: Schema, word: string, nth: number): Generator<string> {
  const least = Math.min(Number(schema.minLength ?? 0), most);
  const longest = Number(schema.maxLength ?? most);
  const format = sampleOf(schema);
  if (format) yield* ofLength(format(nth ? String(nth + 1) : ''), format, least);
  const written = nth === 0 ? word : `${word} ${nth + 1}`;
  const padded = written.padEnd(least, '.');
  if (typeof schema.pattern !== 'string') {
    yield [...padded].slice(0, longest).join('');
    yield [...String(nth + 1).padEnd(least, '.')].slice(0, longest).join('');
    // Where there is room for few characters, each of them still makes a text of its own.
    yield [...String.fromCodePoint(0x61 + (nth % 26)).padEnd(least, 'x')].slice(0, longest).join('');
    return;
  }
  yield padded;
  yield* ofPattern(schema.pattern, least, longest, nth);
}

/** Variants of a pattern's texts differ in length, or in what stands behind them where the pattern is open. */
function* ofPattern(pattern: string, least: number, longest: number, nth: number): Generator<string> {
  let tries = 0;
  for (const text of textsFor(pattern, Math.max(least, nth + 1) + 1)) {
    yield text;
    yield text.padEnd(least, 'a');
    if (nth > 0) yield `${text}${nth}`;
    if (nth > 0) yield text.replace(/\d|[a-z]/, (c) => (/\d/.test(c) ? String(nth % 10) : letter(nth)));
    tries += 1;
    if (tries > Math.max(mostTries, Math.min(least, longest) + 1)) return;
  }
}

const letter = (nth: number): string => String.fromCodePoint(0x61 + (nth % 26));

/** A format's text with something put in where it may be longer; `extra` makes one differ from the others. */
type Sample = (extra: string) => string;

function* ofLength(text: string, sample: Sample, least: number): Generator<string> {
  yield text;
  if (text.length < least) yield sample('a'.repeat(least - sample('').length));
}

const digits = (extra: string, count: number) => extra.replace(/\D/g, '').padStart(count, '0').slice(-count);

const samples: Readonly<Record<string, Sample>> = {
  'date-time': (extra) => `2026-01-15T12:00:${digits(extra, 2)}Z`,
  date: (extra) => `2026-01-${String(Number(digits(extra, 2)) % 28 || 15).padStart(2, '0')}`,
  time: (extra) => `12:00:${digits(extra, 2)}Z`,
  duration: (extra) => `PT${Number(digits(extra, 2)) || 1}H`,
  email: (extra) => `someone${extra}@example.com`,
  'idn-email': (extra) => `someone${extra}@example.com`,
  hostname: (extra) => (extra ? `${extra.slice(0, 60)}.example.com` : 'example.com'),
  'idn-hostname': (extra) => (extra ? `${extra.slice(0, 60)}.example.com` : 'example.com'),
  ipv4: (extra) => `192.0.2.${Number(digits(extra, 2)) || 1}`,
  ipv6: (extra) => `2001:db8::${Number(digits(extra, 2)) || 1}`,
  uri: (extra) => `https://example.com/${extra}`,
  url: (extra) => `https://example.com/${extra}`,
  iri: (extra) => `https://example.com/${extra}`,
  'uri-reference': (extra) => `/${extra}`,
  'iri-reference': (extra) => `/${extra}`,
  'uri-template': (extra) => `https://example.com/${extra}{id}`,
  'json-pointer': (extra) => `/${extra}`,
  'relative-json-pointer': (extra) => `0${extra && `/${extra}`}`,
  regex: (extra) => `a${extra}`,
  uuid: (extra) => `00000000-0000-4000-8000-${digits(extra, 12)}`,
  byte: (extra) => Buffer.from(`value${extra}`).toString('base64'),
  base64: (extra) => Buffer.from(`value${extra}`).toString('base64'),
};

function sampleOf({ format, contentEncoding }: Schema): Sample | undefined {
  const name = String(format ?? contentEncoding);
  return Object.hasOwn(samples, name) ? samples[name] : undefined;
}
