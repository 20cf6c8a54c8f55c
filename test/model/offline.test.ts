/**
 * After the model is there, nothing connects to the network: a whole question is answered while every way out is watched,
 * once inside Node (all processes of the product, through a preload) and once from outside (system calls, native code too).
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildDatabase } from '../support/buildFixture.js';
import { defaultModelFolder, findCatalogModel, modelCatalog } from '../../src/engine/models/modelCatalog.js';

const root = path.resolve(import.meta.dirname, '../..');
const cli = path.join(root, 'dist', 'cli.mjs');
const model = findCatalogModel(modelCatalog, 'qwen2.5-coder-0.5b');
const modelFolder = defaultModelFolder(process.env, homedir(), process.platform);
const modelMissing = !existsSync(path.join(modelFolder, model.file));
const answerTimeoutMs = 600_000;

/** Loaded into every Node process: notes and refuses whatever would leave the machine. Pipes are no connections. */
const guard = `
const fs = require('node:fs');
function refuse(what) {
  fs.appendFileSync(process.env.OFFLINE_LOG, process.pid + ' ' + what + '\\n');
  throw new Error('network use: ' + what);
}
const net = require('node:net');
const connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = function (...args) {
  const options = Array.isArray(args[0]) ? args[0][0] : args[0];
  if (options && typeof options === 'object' && typeof options.path === 'string') return connect.apply(this, args);
  refuse('connect ' + JSON.stringify(options));
};
net.Server.prototype.listen = () => refuse('listen');
const dns = require('node:dns');
for (const where of [dns, dns.promises]) {
  for (const name of Object.keys(where)) if (/^(lookup|resolve|reverse)/.test(name)) where[name] = () => refuse('dns.' + name);
}
require('node:dgram').createSocket = () => refuse('dgram');
globalThis.fetch = () => refuse('fetch');
fs.appendFileSync(process.env.OFFLINE_LOG + '.seen', process.pid + ' ' + process.argv[1] + '\\n');
`;

let folder: string;
let database: string;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'joinery-offline-'));
  database = path.join(folder, 'shop.db');
  await buildDatabase(
    database,
    "CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT); INSERT INTO customers (name) VALUES ('Ann'), ('Bo');",
  );
  writeFileSync(path.join(folder, 'guard.cjs'), guard);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Asynchronous, because the test runner wants to hear from its worker while an answer is computed. */
function runProgram(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<{ stdout: string; stderr: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'], timeout: answerTimeoutMs });
    const texts = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk: Buffer) => (texts.stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (texts.stderr += chunk.toString()));
    child.on('error', reject);
    child.on('close', () => resolve(texts));
  });
}

const logOf = (name: string): string => path.join(folder, name);
const read = (file: string): string => (existsSync(file) ? readFileSync(file, 'utf8') : '');

function environment(log: string): NodeJS.ProcessEnv {
  const options = `--require=${path.join(folder, 'guard.cjs')}`;
  const own = { JOINERY_MODEL_DIR: modelFolder, JOINERY_STATE_DIR: path.join(folder, 'state') };
  return { ...process.env, ...own, OFFLINE_LOG: log, NODE_OPTIONS: options };
}

const question = [cli, 'ask', 'How many customers are there?', '--model', model.id, '-n', '2', '--threads', '1', '--json'];

describe('a question', () => {
  it('is answered without any attempt to reach the network', { timeout: answerTimeoutMs }, async (context) => {
    context.skip(modelMissing, 'the 0.5B model is not on this machine');
    const log = logOf('node.log');
    const run = await runProgram(process.execPath, [...question, database], environment(log));
    expect(run.stderr + run.stdout).not.toContain('network use');
    expect(JSON.parse(run.stdout)).toMatchObject({ kind: 'answer' });
    expect(read(log)).toBe('');
    const processes = read(`${log}.seen`);
    expect(processes).toContain('cli.mjs');
    expect(processes).toContain('inference.mjs');
  });

  it('makes no system call to an internet address', { timeout: answerTimeoutMs }, async (context) => {
    context.skip(modelMissing, 'the 0.5B model is not on this machine');
    const trace = logOf('calls.log');
    const probe = spawnSync('strace', ['-f', '--seccomp-bpf', '-o', logOf('probe.log'), '-e', 'trace=network', 'true'], {
      stdio: 'ignore',
    });
    context.skip(probe.status !== 0, 'strace cannot be used on this machine');
    const calls = ['-f', '--seccomp-bpf', '-qq', '-o', trace, '-e', 'trace=connect,bind,sendto,sendmsg'];
    const env = { ...environment(logOf('unused.log')), NODE_OPTIONS: '' };
    const run = await runProgram('strace', [...calls, process.execPath, ...question, database], env);
    expect(JSON.parse(run.stdout)).toMatchObject({ kind: 'answer' });
    expect(existsSync(trace)).toBe(true);
    expect(
      read(trace)
        .split('\n')
        .filter((line) => /AF_INET6?\b/.test(line)),
    ).toEqual([]);
  });
});

describe('the watch itself', () => {
  const attempts: readonly { name: string; code: string }[] = [
    { name: 'fetch', code: "fetch('http://127.0.0.1:9').catch(() => 0)" },
    { name: 'https', code: "require('node:https').get('https://127.0.0.1:9').on('error', () => 0)" },
    { name: 'a socket', code: "require('node:net').connect(9, '127.0.0.1').on('error', () => 0)" },
    { name: 'a name', code: "require('node:dns').lookup('localhost', () => 0)" },
    { name: 'a datagram', code: "require('node:dgram').createSocket('udp4')" },
    { name: 'a server', code: "require('node:http').createServer().listen(0)" },
  ];
  for (const { name, code } of attempts) {
    it(`notices ${name}`, () => {
      const log = logOf(`watch-${name.replaceAll(' ', '-')}.log`);
      spawnSync(process.execPath, ['-e', code], { env: environment(log), stdio: 'ignore' });
      expect(read(log)).not.toBe('');
    });
  }
});
