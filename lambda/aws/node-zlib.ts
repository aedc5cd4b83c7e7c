import type zlib from 'node:zlib';

/** What the function uses of `node:zlib`, which takes 2 ms of a cold start to load: when it is first called. */
const load = () => process.getBuiltinModule('node:zlib');

export const crc32: typeof zlib.crc32 = (data, value) => load().crc32(data, value);
export const deflateRawSync: typeof zlib.deflateRawSync = (data, options) =>
  load().deflateRawSync(data, options);
export const inflateRawSync: typeof zlib.inflateRawSync = (data, options) =>
  load().inflateRawSync(data, options);
