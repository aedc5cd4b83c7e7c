/** `node:http` without what its ES module evaluates on import; see `lib/bundle.ts`. */
const http = process.getBuiltinModule('node:http');
export const { Agent, request, STATUS_CODES } = http;
export default http;
