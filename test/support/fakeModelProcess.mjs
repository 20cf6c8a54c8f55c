/**
 * Stands in for the model process in tests of its client: speaks the protocol without a model and misbehaves as
 * `FAKE_MODEL` says. It writes its process id to `FAKE_MODEL_PIDS`, one line per start.
 */
import { appendFileSync } from 'node:fs';
import { createMessageConnection, ResponseError, StreamMessageReader, StreamMessageWriter } from 'vscode-jsonrpc/node';

const mode = process.env.FAKE_MODEL ?? 'good';
const starts = process.env.FAKE_MODEL_PIDS;
if (starts) appendFileSync(starts, `${process.pid}\n`);
if (mode === 'exitsEarly') process.exit(3);
if (mode === 'garbage') process.stdout.write('llama_init: hello\n\nContent-Length: nonsense\r\n\r\n{{{');

const connection = createMessageConnection(new StreamMessageReader(process.stdin), new StreamMessageWriter(process.stdout));
let gpu = 'none';
const never = new Promise(() => undefined);

function candidate(text, greedy = true) {
  return { text, count: 1, greedy, logProbability: -1, sampledTokens: 3, forcedTokens: 0, finish: 'stop' };
}

connection.onRequest('joinery/initialize', (params) => {
  if (mode === 'silent') return never;
  if (mode === 'gpuDies' && params.gpu !== 'off') process.kill(process.pid, 'SIGABRT');
  gpu = params.gpu === 'off' ? 'none' : 'vulkan';
  const protocolVersion = mode === 'wrongVersion' ? params.protocolVersion + 1 : params.protocolVersion;
  return {
    protocolVersion,
    runtimeVersion: 'fake',
    llamaRelease: 'fake',
    gpu,
    gpuNames: [],
    vramBytes: 0,
    threads: 1,
    cudaReady: false,
    cudaLibraries: 'none',
  };
});
connection.onRequest('joinery/loadModel', (params) => {
  if (mode === 'gpuLoadDies' && gpu !== 'none') process.kill(process.pid, 'SIGABRT');
  if (mode === 'complains') process.stderr.write('warn [llama] failed to allocate buffer of size 7\n');
  if (mode === 'littleMemory' && params.sequences * params.contextSize > Number(process.env.FAKE_MODEL_TOKENS)) {
    process.stderr.write('warn [llama] ggml_aligned_malloc: insufficient memory (attempted to allocate 1 MB)\n', () => process.abort());
    return never;
  }
  if (params.modelId === 'broken')
    throw new ResponseError(-32000, 'model.truncated', { code: 'model.truncated', details: { id: 'broken' } });
  if (mode === 'oddFacts') return { hello: 1 };
  return {
    architecture: 'fake',
    parameters: 1,
    vocabularySize: 1,
    contextSize: params.contextSize,
    sequences: params.sequences,
    chatTemplate: 'plain',
    loadMs: 1,
  };
});
connection.onRequest('joinery/tokenCount', ({ text }) => text.length);
connection.onRequest('joinery/generate', async (params, token) => {
  const tell = (text, greedy) =>
    connection.sendNotification('joinery/candidate', { requestId: params.requestId, candidate: candidate(text, greedy) });
  const question = params.rest[0]?.text ?? '';
  if (question === 'die') process.kill(process.pid, 'SIGKILL');
  if (question === 'hang') await never;
  if (question === 'hang on') await new Promise((resolve) => setTimeout(resolve, 200));
  if (question === 'wait') {
    await tell('waiting');
    await new Promise((resolve) => token.onCancellationRequested(resolve));
    appendFileSync(starts, 'cancelled\n');
  }
  if (question === 'enough') {
    const enough = new Promise((resolve) => connection.onNotification('joinery/enough', ({ requestId }) => resolve(requestId)));
    await tell('first');
    await enough;
  }
  return { candidates: [candidate(`answer to ${question}`)], stats: { prefixTokens: 1 } };
});
connection.onRequest('joinery/shutdown', () => (mode === 'stubborn' ? never : null));
process.stdin.on('end', () => process.exit(0));
connection.listen();
