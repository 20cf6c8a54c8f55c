/** Installs the locked dependencies when they are absent or belong to another lockfile. Quick when nothing is to do. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const stampFile = path.join(root, 'node_modules', '.joinery-lock');
const [major, minor] = process.versions.node.split('.').map(Number);

function lockSum() {
  return createHash('sha256')
    .update(readFileSync(path.join(root, 'package-lock.json')))
    .digest('hex');
}

/** What npm recorded when it installed, for a folder that was installed by hand. */
function matchesLockfile() {
  const installedFile = path.join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installedFile)) return false;
  const installed = JSON.parse(readFileSync(installedFile, 'utf8')).packages;
  const wanted = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')).packages;
  return Object.entries(wanted).every(
    ([name, entry]) => name === '' || entry.optional || entry.devOptional || installed[name]?.version === entry.version,
  );
}

export function install() {
  if (major < 20 || (major === 20 && minor < 12)) {
    console.error(`Joinery needs Node 20.12 or newer; this is ${process.version}. See https://nodejs.org.`);
    process.exit(1);
  }
  const sum = lockSum();
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === sum) return;
  if (!matchesLockfile()) {
    console.error('Installing dependencies (a few minutes the first time) …');
    const done = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: root,
      stdio: ['ignore', 2, 2],
      shell: process.platform === 'win32',
    });
    if (done.status !== 0) process.exit(done.status ?? 1);
  }
  writeFileSync(stampFile, sum);
}
