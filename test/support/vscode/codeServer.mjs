/** Starts code-server with throwaway folders, and a headless browser on it. Knows nothing of tests. */
import { spawn, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';

/** Nothing that asks the network, moves, or depends on the day. */
const quietSettings = {
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.enableExperiments': false,
  'workbench.tips.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'editor.quickSuggestions': { other: 'off', comments: 'off', strings: 'off' },
  'editor.wordBasedSuggestions': 'off',
  'editor.minimap.enabled': false,
  'git.enabled': false,
};
const noGallery = JSON.stringify({ serviceUrl: '', itemUrl: '', resourceUrlTemplate: '', controlUrl: '', recommendationsUrl: '' });

/** The settings of an editor that these tests may run in must not reach the one under test. */
function cleanEnvironment(extra) {
  const env = { ...process.env, EXTENSIONS_GALLERY: noGallery, ...extra };
  for (const name of Object.keys(env))
    if (/^(VSCODE_(?!TEST_)|CODE_SERVER|ELECTRON_RUN|PASSWORD$|HASHED_PASSWORD$|PORT$)/.test(name)) delete env[name];
  return env;
}

export function freePort() {
  return new Promise((resolve) => {
    const server = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

async function waitUntilUp(port, child, log) {
  for (let tries = 0; ; tries++) {
    const answer = await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => undefined);
    if (answer?.ok) return;
    if (tries > 600 || child.exitCode !== null) throw new Error(`code-server did not start\n${log()}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/**
 * `ide` comes from `findIde`. `trust` switches workspace trust on, `vsix`, one or several, is installed first, `port` and `folder` fix the address
 * and the place of settings; a folder that was given is kept.
 */
export async function startCodeServer(ide, { settings = {}, trust = false, vsix, testDriver = false, port, folder, environment = {} }) {
  const home = folder ?? mkdtempSync(path.join(tmpdir(), 'joinery-ide-'));
  const users = path.join(home, 'user');
  mkdirSync(path.join(home, 'extensions'), { recursive: true });
  writeFileSync(path.join(home, 'config.yaml'), '');
  const trustSettings = trust ? { 'security.workspace.trust.startupPrompt': 'never' } : { 'security.workspace.trust.enabled': false };
  const written = JSON.stringify({ ...quietSettings, ...trustSettings, ...settings });
  // Settings of machine scope count only where the extension host runs.
  for (const place of ['User', 'Machine']) {
    mkdirSync(path.join(users, place), { recursive: true });
    writeFileSync(path.join(users, place, 'settings.json'), written);
  }
  const env = cleanEnvironment(environment);
  const common = ['--config', path.join(home, 'config.yaml'), '--user-data-dir', users, '--extensions-dir', path.join(home, 'extensions')];
  for (const file of [vsix ?? []].flat())
    execFileSync(ide.node, [ide.entry, ...common, '--install-extension', file, '--force'], { env, stdio: ['ignore', 'ignore', 2] });
  const at = port ?? (await freePort());
  const flags = [
    '--auth',
    'none',
    '--bind-addr',
    `127.0.0.1:${at}`,
    '--disable-telemetry',
    '--disable-update-check',
    '--ignore-last-opened',
  ];
  const more = [
    '--disable-getting-started-override',
    ...(trust ? [] : ['--disable-workspace-trust']),
    ...(testDriver ? ['--vscode-option', 'enable-smoke-test-driver'] : []),
  ];
  const child = spawn(ide.node, [ide.entry, ...common, ...flags, ...more], { env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (log += data));
  const gone = new Promise((resolve) => child.once('exit', resolve));
  await waitUntilUp(at, child, () => log);
  return { port: at, url: `http://127.0.0.1:${at}`, gone, log: () => log, stop: () => stop(child, gone, folder ? undefined : home) };
}

async function stop(child, gone, temporary) {
  const signal = (name) => {
    try {
      process.kill(-child.pid, name);
    } catch (error) {
      if (error.code !== 'ESRCH') throw error;
    }
  };
  signal('SIGTERM');
  await Promise.race([gone, new Promise((resolve) => setTimeout(resolve, 8000))]);
  signal('SIGKILL');
  if (temporary) rmSync(temporary, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
}

/** A browser with a profile of its own; close it through its context. */
export async function openBrowser(ide, viewport = { width: 1280, height: 800 }) {
  const profile = mkdtempSync(path.join(tmpdir(), 'joinery-browser-'));
  const quiet = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'];
  const args = [...quiet, '--disable-component-update', '--disable-sync'];
  const context = await chromium.launchPersistentContext(profile, { executablePath: ide.browser, headless: true, viewport, args });
  const page = context.pages()[0] ?? (await context.newPage());
  const close = async () => {
    await context.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  };
  return { page, close };
}
