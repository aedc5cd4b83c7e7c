import { trimCredentials } from '../trim-credentials.ts';
import { evaluate } from './evaluate.ts';

trimCredentials(process.env);
process.exitCode = await evaluate(process.argv.slice(2), process);
