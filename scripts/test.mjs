/** `npm test`: installs what is missing, then checks types and runs the unit tests. */
import { existsSync } from 'node:fs';
import { spawnSync } from 'node:child_process';

function run(command, args) {
  const done = spawnSync(command, args, { stdio: 'inherit' });
  if (done.status !== 0) process.exit(done.status ?? 1);
}
if (!existsSync('node_modules/.package-lock.json')) run('npm', ['ci']);
run('npx', ['tsc', '-p', 'tsconfig.json']);
run('npx', ['tsc', '-p', 'src/core']);
run('npx', ['vitest', 'run', 'test/unit']);
