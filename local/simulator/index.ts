export type { CallLog } from './call-log.ts';
export type { ExceptionName } from './errors.ts';
export { type Simulator, type SimulatorOptions, startSimulator } from './server.ts';
