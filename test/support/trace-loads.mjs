import { appendFileSync } from 'node:fs';
import { registerHooks } from 'node:module';

/** With --import: writes the URL of each module that is loaded to the file that TRACE_LOADS names. */
registerHooks({
  load(url, context, nextLoad) {
    appendFileSync(process.env.TRACE_LOADS, `${url}\n`);
    return nextLoad(url, context);
  },
});
