import { type CatalogueRow, claude, profileOnly, row, us } from './catalogue-row.ts';

/**
 * Models that have ended: no account lists them any more, and a call says so. A simulator that is started with
 * `retired` still answers for them, because custom models and provisioned throughput are made of such, too.
 */
export const retiredModels: readonly CatalogueRow[] = [
  claude('3-5-haiku-20241022-v1:0', '3.5 Haiku', { geographies: us, onDemand: true }),
  claude('v2:1', '2.1', { input: 'T', geographies: [], onDemand: true }),
  claude('v2', '2', { input: 'T', geographies: [], onDemand: true }),
  claude('instant-v1', 'Instant', { input: 'T', geographies: [], onDemand: true }),
  profileOnly('amazon.nova-premier-v1:0', 'Nova Premier', { input: 'TIV' }),
  row('amazon.nova-canvas-v1:0', 'Nova Canvas', { input: 'TI', output: 'I', streams: false }),
  row('amazon.nova-reel-v1:1', 'Nova Reel', { input: 'TI', output: 'V', streams: false }),
  row('amazon.nova-sonic-v1:0', 'Nova Sonic', { input: 'S', output: 'ST' }),
  row('amazon.titan-text-express-v1', 'Titan Text G1 - Express'),
  row('amazon.titan-text-lite-v1', 'Titan Text G1 - Lite'),
  row('amazon.titan-tg1-large', 'Titan Text Large'),
  profileOnly('meta.llama3-2-1b-instruct-v1:0', 'Llama 3.2 1B Instruct', { geographies: ['us', 'eu'] }),
  profileOnly('meta.llama3-2-11b-instruct-v1:0', 'Llama 3.2 11B Instruct', { input: 'TI' }),
  profileOnly('meta.llama3-2-90b-instruct-v1:0', 'Llama 3.2 90B Instruct', { input: 'TI' }),
  row('meta.llama2-13b-chat-v1', 'Llama 2 Chat 13B'),
  row('cohere.command-r-v1:0', 'Command R'),
  row('cohere.command-r-plus-v1:0', 'Command R+'),
  row('cohere.command-text-v14', 'Command'),
  row('cohere.command-light-text-v14', 'Command Light'),
  row('ai21.j2-mid-v1', 'Jurassic-2 Mid', { streams: false }),
];
