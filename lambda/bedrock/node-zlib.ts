import type zlib from 'node:zlib';

/** What the function uses of `node:zlib`, which takes 2 ms of a cold start to load: when it is first called. */
let loaded: typeof zlib | undefined;

function load(): typeof zlib {
  loaded ??= process.getBuiltinModule('node:zlib');
  return loaded;
}

export const crc32: typeof zlib.crc32 = (data, value) => load().crc32(data, value);
export const deflateRawSync: typeof zlib.deflateRawSync = (data, options) =>
  load().deflateRawSync(data, options);
export const inflateRawSync: typeof zlib.inflateRawSync = (data, options) =>
  load().inflateRawSync(data, options);
