/**
 * `npm run ide`: a real VS Code in the browser with the extension in it, on a sample workspace with several databases. Prints the
 * address and runs until Ctrl-C. `--port n` fixes the port, `--workspace folder` opens another folder.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { install } from './install.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const value = (name) => {
  const at = process.argv.indexOf(`--${name}`);
  return at > 0 ? process.argv[at + 1] : undefined;
};

install();
const { setupIde } = await import('./setupIde.mjs');
const ide = setupIde();
if (ide.node === undefined) {
  console.error('The browser version runs on Linux with x64 only. Elsewhere: npm run package, then install dist/*.vsix in VS Code.');
  process.exit(1);
}
const { packageVsix } = await import('./package.mjs');
console.error('Packaging the extension …');
const vsix = await packageVsix();
const workspace = path.resolve(value('workspace') ?? path.join(root, '.work', 'workspace'));
if (value('workspace') === undefined) {
  const { buildWorkspace } = await import('./sample/buildWorkspace.mjs');
  await buildWorkspace(workspace);
} else if (!existsSync(workspace)) {
  console.error(`There is no folder ${workspace}.`);
  process.exit(1);
}
const { startCodeServer } = await import('../test/support/vscode/codeServer.mjs');
const folder = path.join(root, '.work', 'ide');
const port = value('port');
const server = await startCodeServer(ide, { vsix, folder, ...(port ? { port: Number(port) } : {}) });
console.log(`\n  ${server.url}/?folder=${encodeURIComponent(workspace)}\n`);
console.log('Open queries/shop.sql, put the cursor at the end of a question and press Enter. Ctrl-C ends the server.');
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => void server.stop().then(() => process.exit(0)));
