/** An OpenAI-compatible server on this machine, as llama-server and vLLM answer, that keeps what it was sent. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';

export interface SeenRequest {
  readonly path: string;
  readonly key: string | undefined;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface FakeServer {
  readonly url: string;
  readonly seen: readonly SeenRequest[];
  close(): Promise<void>;
}

export interface FakeReply {
  readonly status?: number;
  readonly body?: unknown;
  /** Sent as it is, instead of JSON. */
  readonly text?: string;
  readonly location?: string;
  /** Never answers. */
  readonly silent?: boolean;
}

export async function startFakeServer(reply: (request: SeenRequest) => FakeReply): Promise<FakeServer> {
  const seen: SeenRequest[] = [];
  const server = createServer((request, response) => {
    void answer(request, response, seen, reply);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    seen,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  seen: SeenRequest[],
  reply: (request: SeenRequest) => FakeReply,
): Promise<void> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  const body = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
  const one = { path: request.url ?? '', key: request.headers.authorization, body };
  seen.push(one);
  const { status = 200, body: json, text: raw, location, silent } = reply(one);
  if (silent === true) return;
  response.writeHead(status, { 'content-type': 'application/json', ...(location === undefined ? {} : { location }) });
  response.end(raw ?? JSON.stringify(json ?? {}));
}

/** The list of models as a server of this kind gives it. */
export function modelList(owner: string, more: object = {}): FakeReply {
  return { body: { object: 'list', data: [{ id: 'coder', object: 'model', owned_by: owner, ...more }] } };
}

export function completion(text: string, finish = 'stop'): FakeReply {
  return {
    body: {
      choices: [{ message: { role: 'assistant', content: text }, finish_reason: finish }],
      usage: { prompt_tokens: 20, completion_tokens: 7 },
    },
  };
}
