export { NativeChunks } from './native-encoder.ts';
export { nativeRequest } from './native-request.ts';
export { nativeCompletion } from './native-response.ts';
