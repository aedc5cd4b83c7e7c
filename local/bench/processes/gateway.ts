import { readConfig } from '../../../lambda/config.ts';
import { createGateway } from '../../../lambda/gateway.ts';
import { startServer } from '../../server.ts';
import { reportTo } from './serve.ts';

/** The gateway as `npm start` runs it. */
const gateway = createGateway({ config: readConfig(process.env) });
const { url } = await startServer(gateway.fetch, 0);
reportTo(Number(new URL(url).port));
