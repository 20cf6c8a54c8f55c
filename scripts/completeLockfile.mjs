/**
 * Adds to package-lock.json the optional packages of other platforms that npm left out when it wrote the file
 * (https://github.com/npm/cli/issues/4828): without them `npm ci` fails everywhere else. Their versions are exact in the
 * packages that want them. Run it after every change of dependencies; it changes nothing when nothing is missing.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const lockFile = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', 'package-lock.json');

const systems = [
  [/(?:^|[-/])(?:mac|darwin)/, 'darwin'],
  [/(?:^|[-/])win(?:32)?/, 'win32'],
  [/linux/, 'linux'],
  [/android/, 'android'],
  [/freebsd/, 'freebsd'],
  [/openbsd/, 'openbsd'],
  [/netbsd/, 'netbsd'],
  [/sunos/, 'sunos'],
  [/aix/, 'aix'],
  [/openharmony/, 'openharmony'],
];
const processors = [
  [/arm64|aarch64/, 'arm64'],
  [/armv7l|arm-|arm$/, 'arm'],
  [/riscv64/, 'riscv64'],
  [/loong64/, 'loong64'],
  [/ppc64/, 'ppc64'],
  [/s390x/, 's390x'],
  [/mips64el/, 'mips64el'],
  [/ia32/, 'ia32'],
  [/x64/, 'x64'],
];

function firstOf(table, name) {
  return table.find(([pattern]) => pattern.test(name))?.[1];
}

/** Where npm would look for it from the package at `from`. */
function isPresent(packages, from, name) {
  for (let folder = from; ; folder = folder.slice(0, folder.lastIndexOf('/node_modules/'))) {
    if (packages[`${folder === '' ? '' : `${folder}/`}node_modules/${name}`]) return true;
    if (!folder.includes('/node_modules/')) return folder !== '' && packages[`node_modules/${name}`] !== undefined;
  }
}

function missingPackages(packages) {
  const missing = {};
  for (const [from, entry] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      if (isPresent(packages, from, name) || !/^\d+\.\d+\.\d+/.test(version)) continue;
      const os = firstOf(systems, name);
      const cpu = firstOf(processors, name);
      if (os === undefined) continue;
      missing[`node_modules/${name}`] = {
        version,
        ...(cpu ? { cpu: [cpu] } : {}),
        ...(entry.dev ? { dev: true } : {}),
        optional: true,
        os: [os],
      };
    }
  }
  return missing;
}

const lock = JSON.parse(readFileSync(lockFile, 'utf8'));
const missing = missingPackages(lock.packages);
const { '': rootEntry, ...installed } = lock.packages;
const sorted = Object.entries({ ...installed, ...missing }).sort(([a], [b]) => a.localeCompare(b, 'en'));
if (Object.keys(missing).length > 0) {
  lock.packages = { '': rootEntry, ...Object.fromEntries(sorted) };
  writeFileSync(lockFile, `${JSON.stringify(lock, undefined, 2)}\n`);
}
console.log(`${Object.keys(missing).length} packages of other platforms added`);
