/** `node:https` without what its ES module evaluates on import; see `lib/bundle.ts`. */
const https = process.getBuiltinModule('node:https');
export const { Agent, request } = https;
export default https;
