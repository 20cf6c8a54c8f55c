/** `npm start -- "question" [database]`: gets everything ready (ready.mjs) and answers. */
import { cli, fetchModelFor, installAndBuild, makeSample, node, sampleDatabase } from './ready.mjs';

const sampleQuestion = 'Which five customers spent the most in 2024?';

await installAndBuild();
const args = process.argv.slice(2);
if (args.length === 0) args.push(sampleQuestion);
makeSample();
fetchModelFor(args);
// The sample is asked unless the command line names a database.
const environment = { ...process.env, JOINERY_DATABASE: sampleDatabase };
process.exit(node([cli, 'ask', ...args], { cwd: process.env.INIT_CWD ?? process.cwd(), env: environment }));
