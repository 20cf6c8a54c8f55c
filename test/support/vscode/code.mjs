#!/usr/bin/env node
/**
 * Looks like the program of a desktop VS Code to @vscode/test-electron, and runs the tests in code-server's extension host instead.
 * The flavour of the run comes in JOINERY_VSCODE (JSON): settings, trust, vsix. Exits with 0 when all tests passed.
 */
import { existsSync, readFileSync } from 'node:fs';
import { findIde } from '../../../scripts/setupIde.mjs';
import { openBrowser, startCodeServer } from './codeServer.mjs';

const longestMs = 900_000;
const given = process.argv.slice(2);
const value = (name) => given.find((argument) => argument.startsWith(`--${name}=`))?.slice(name.length + 3);
const folder = given.find((argument) => !argument.startsWith('-')) ?? process.cwd();
const flavour = JSON.parse(process.env.JOINERY_VSCODE ?? '{}');
const log = process.env.JOINERY_MOCHA_LOG;

let shown = 0;
/** Mocha writes to a file, for the extension host's own output does not reach us. */
function follow() {
  if (!log || !existsSync(log)) return;
  const text = readFileSync(log, 'utf8');
  process.stdout.write(text.slice(shown));
  shown = text.length;
}

async function run() {
  const ide = findIde();
  const server = await startCodeServer(ide, { ...flavour, testDriver: true });
  const tail = setInterval(follow, 250);
  try {
    const { page, close } = await openBrowser(ide);
    try {
      const ended = new Promise((resolve) => page.exposeFunction('codeAutomationExit', resolve));
      await page.exposeFunction('codeAutomationLog', () => undefined);
      const remote = (file) => `vscode-remote://127.0.0.1:${server.port}${file}`;
      const payload = [
        ['extensionDevelopmentPath', remote(value('extensionDevelopmentPath'))],
        ['extensionTestsPath', remote(value('extensionTestsPath'))],
      ];
      const place = folder.endsWith('.code-workspace') ? 'workspace' : 'folder';
      await page.goto(`${server.url}/?${place}=${encodeURIComponent(folder)}&payload=${encodeURIComponent(JSON.stringify(payload))}`);
      const late = new Promise((resolve) => setTimeout(() => resolve('the tests did not end'), longestMs));
      const code = await Promise.race([ended, server.gone.then(() => 'code-server ended'), late]);
      if (code !== 0 && code !== 1) console.error(code, server.log().slice(-2000));
      return code === 0 ? 0 : 1;
    } finally {
      await close();
    }
  } finally {
    clearInterval(tail);
    follow();
    await server.stop();
  }
}

process.exit(await run());
