/** `npm run check`: everything that can be checked without a model or an editor. */
import { install } from './install.mjs';
import { allowedSkips, conclude, noCounts } from './testSteps.mjs';

install();
const { runChecks } = await import('./checkSteps.mjs');
const counts = noCounts();
runChecks(counts);
process.exit(conclude(counts, allowedSkips()));
