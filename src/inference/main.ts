/**
 * The model process: JSON-RPC on stdin and stdout, logs on stderr. It ends with its parent and opens no network
 * connection, file download or build. Started as a file, never imported.
 */
import {
  createMessageConnection,
  ResponseError,
  StreamMessageReader,
  StreamMessageWriter,
  type CancellationToken,
} from 'vscode-jsonrpc/node';
import { type Logger } from '../core/shared/logger.js';
import { errorDataOf } from '../protocol/errorData.js';
import { generateParamsOf, initializeParamsOf, loadModelParamsOf } from '../protocol/checkMessages.js';
import { type CandidateNotice, methods } from '../protocol/modelProcess.js';
import { ModelServer } from './modelServer.js';

/** JSON-RPC's code for errors of the application. */
const applicationError = -32_000;
const parentCheckMs = 2_000;

// A library that prints would break the protocol: its words go to stderr.
for (const name of ['log', 'info', 'debug'] as const) console[name] = console.error;

const log: Logger = {
  log: (level, tag, message, error) => console.error(`${level} [${tag}] ${message}`, ...(error === undefined ? [] : [error])),
};
const server = new ModelServer(log, () => performance.now());
const connection = createMessageConnection(new StreamMessageReader(process.stdin), new StreamMessageWriter(process.stdout));

async function answered<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const data = errorDataOf(error);
    if (data.code === 'internal') log.log('error', 'inference', 'request failed', error);
    throw new ResponseError(applicationError, data.code, data);
  }
}

connection.onRequest(methods.initialize, (params: unknown) => answered(() => server.initialize(initializeParamsOf(params))));
connection.onRequest(methods.loadModel, (params: unknown) => answered(() => server.loadModel(loadModelParamsOf(params))));
connection.onRequest(methods.unloadModel, () => answered(() => server.unloadModel()));
connection.onRequest(methods.tokenCount, (params: { readonly text: string }) => answered(() => server.tokenCount(params.text)));
connection.onRequest(methods.shutdown, () => answered(() => server.shutdown()));
connection.onNotification(methods.enough, (params: { readonly requestId: string }) => server.enough(params.requestId));
connection.onRequest(methods.generate, (value: unknown, token: CancellationToken) =>
  answered(() => {
    const params = generateParamsOf(value);
    return server.generate(params, {
      onStart: (signal) => token.onCancellationRequested(() => signal.stop('cancelled')),
      onCandidate: (candidate) => {
        const notice: CandidateNotice = { requestId: params.requestId, candidate };
        void connection.sendNotification(methods.candidate, notice);
      },
    });
  }),
);

/** Nothing is worth waiting for once nobody listens: the kernel frees what the model held. */
function endWithParent(): void {
  process.exit(0);
}
connection.onClose(endWithParent);
process.stdin.on('end', endWithParent);
const parent = process.ppid;
setInterval(() => {
  if (process.ppid !== parent) endWithParent();
}, parentCheckMs).unref();

connection.listen();
