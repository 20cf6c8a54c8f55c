/** The model comes and goes: not there yet and fetched by one click, and killed in the middle of a question. */
import * as assert from 'node:assert/strict';
import { createReadStream, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { type Api, closeAll, joinery, openWith, takeGhostText, until } from './editor.js';

const modelFile = 'qwen2.5-coder-0.5b-instruct-q4_k_m.gguf';
const shop = '-- @db data/shop.db\n\n';

/** Where the models of this machine are. */
function modelFolder(): string {
  return (
    process.env['JOINERY_MODEL_DIR'] ?? path.join(process.env['XDG_CACHE_HOME'] ?? path.join(homedir(), '.cache'), 'joinery', 'models')
  );
}

/** A hub on this machine that serves the one file; it stops half way until it is told to go on. */
async function startHub(file: string): Promise<{ readonly url: string; readonly server: Server; goOn: () => void }> {
  let goOn: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => (goOn = resolve));
  const { size } = statSync(file);
  const server = createServer((request, response) => {
    const start = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
    response.writeHead(start > 0 ? 206 : 200, { 'content-length': size - start, 'content-range': `bytes ${start}-${size - 1}/${size}` });
    const half = Math.floor(size / 2);
    const first = createReadStream(file, { start, end: half });
    first.pipe(response, { end: false });
    first.on('end', () => void gate.then(() => createReadStream(file, { start: half + 1 }).pipe(response)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server, goOn: () => goOn() };
}

/** Children of this extension host that run the model. */
function modelProcesses(): readonly number[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap((name) => {
    try {
      const parent = / \S (\d+) /.exec(readFileSync(`/proc/${name}/stat`, 'utf8').replace(/\(.*\)/, ''))?.[1];
      const isModel = readFileSync(`/proc/${name}/cmdline`, 'utf8').includes('inference.mjs');
      return Number(parent) === process.pid && isModel ? [Number(name)] : [];
    } catch {
      return []; // It ended while we looked.
    }
  }); // prettier-ignore
}

function seen(api: Api, kinds: Set<string>): string {
  const { kind } = api.status.state;
  kinds.add(kind);
  return kind;
}

/** VS Code asks a provider once per place: Enter again, as a user would press it. */
async function enterAgain(): Promise<void> {
  await vscode.commands.executeCommand('deleteLeft');
  await vscode.commands.executeCommand('type', { text: '\n' });
}

suite('model', () => {
  teardown(closeAll);

  test('a killed model process is shown, and the next question starts it again', async () => {
    const api = await joinery();
    const editor = await openWith('killed.sql', `${shop}-- how many customers are there\n`);
    // Not awaited: the command ends with the answer.
    const asking = vscode.commands.executeCommand('editor.action.inlineSuggest.trigger');
    await until('the model at work', () => api.status.state.kind === 'thinking');
    const [pid] = modelProcesses();
    assert.ok(pid, 'the model is a process of its own');
    process.kill(pid, 'SIGKILL');
    await until('the state of a dead model', () => api.status.state.kind === 'modelDown');
    assert.equal(api.status.state['code'], 'process.died');
    await asking;
    await enterAgain();
    assert.match(await takeGhostText(editor), /SELECT[\s\S]+customers/i);
    assert.equal(api.status.state.kind, 'verified');
    assert.notDeepEqual(modelProcesses(), [pid]);
  });

  test('a model that is not there is fetched by one click, with progress', async () => {
    const api = await joinery();
    const folder = mkdtempSync(path.join(tmpdir(), 'joinery-models-'));
    const hub = await startHub(path.join(modelFolder(), modelFile));
    const settings = vscode.workspace.getConfiguration('joinery');
    process.env['HF_ENDPOINT'] = hub.url;
    try {
      await settings.update('modelFolder', folder, vscode.ConfigurationTarget.Global);
      const editor = await openWith('fetch.sql', `${shop}-- how many products are there\n`);
      await vscode.commands.executeCommand('editor.action.inlineSuggest.trigger');
      await until('the state without a model', () => api.status.state.kind === 'noModel');
      const kinds = new Set<string>();
      const fetching = vscode.commands.executeCommand('joinery.fetchModel');
      const fraction = await until('half of it', () => seen(api, kinds) === 'fetchingModel' && Number(api.status.state['fraction']) > 0.1 && Number(api.status.state['fraction'])); // prettier-ignore
      assert.ok(fraction < 1);
      hub.goOn();
      await fetching;
      assert.equal(api.status.state.kind, 'ready');
      assert.equal(statSync(path.join(folder, modelFile)).size, statSync(path.join(modelFolder(), modelFile)).size);
      await enterAgain();
      assert.match(await takeGhostText(editor), /SELECT[\s\S]+products/i);
    } finally {
      delete process.env['HF_ENDPOINT'];
      hub.server.closeAllConnections();
      hub.server.close();
      await settings.update('modelFolder', undefined, vscode.ConfigurationTarget.Global);
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
