import type { NativeBackend, NativeCall } from '../backends/backend.ts';
import { textsOf } from '../canonical/body-text.ts';
import type { NativeAnswer, NativeEvent } from '../canonical/native.ts';
import {
  count,
  type MeteredNativeBackend,
  type MeteredNativeCall,
  type Reading,
  tierOf,
  withMeter,
} from './meter.ts';

/** `metered` for a backend that speaks a client's own API. */
export const meteredNative = (backend: NativeBackend, now: () => number): MeteredNativeBackend =>
  withMeter<MeteredNativeCall, NativeAnswer, NativeEvent>(backend, nativeReading, now);

const nativeReading: Reading<NativeCall, NativeAnswer, NativeEvent> = {
  tier: ({ native }) => tierOf(native.settings),
  prompt: ({ native }) => textsOf(native.body),
  counts: (answer) => answer,
  item(event, entry) {
    if (event.usage) {
      count(entry, event);
      entry.isPartial = event.begins;
    }
    return event.written;
  },
};
