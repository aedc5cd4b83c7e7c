/** `node:http` without what its ES module evaluates on import; see `lib/bundle.ts`. */
const http = process.getBuiltinModule('node:http');
export const { Agent, createServer, request, ServerResponse, STATUS_CODES } = http;
export default http;
