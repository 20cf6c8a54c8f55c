/**
 * The Python package index that this machine uses, and the wheels on it. Follows pip's own settings, so a company's mirror
 * is respected; speaks the JSON and the HTML form of the simple index (PEP 691, PEP 503).
 */
import { execFile } from 'node:child_process';
import { type CancellationToken } from '../../core/shared/cancellation.js';
import { SourceProblem, downloadText } from './downloadFile.js';

export interface WheelLink {
  readonly url: string;
  /** Lower-case hex; absent when the index gives none. */
  readonly sha256?: string;
}

export interface IndexAddress {
  readonly url: string;
  /** Credentials of the address, moved here because `fetch` refuses them inside a URL. */
  readonly headers: Readonly<Record<string, string>>;
}

const publicIndex = 'https://pypi.org/simple';
const pipTimeoutMs = 5000;

/** What `pip config get` says; undefined without pip or without the setting. Contacts nothing. */
export function askPip(command: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(command, ['config', 'get', 'global.index-url'], { timeout: pipTimeoutMs }, (error, stdout) => {
      resolve(error ? undefined : stdout.trim().replace(/^'|'$/g, '') || undefined);
    });
  });
}

/** `PIP_INDEX_URL`, else pip's configuration, else the public index. Addresses that are not HTTP are passed over. */
export async function findIndex(
  environment: NodeJS.ProcessEnv,
  pip: () => Promise<string | undefined> = () => askPip('pip'),
): Promise<IndexAddress> {
  const wanted = environment['PIP_INDEX_URL'] ?? (await pip()) ?? publicIndex;
  return parseAddress(wanted) ?? { url: publicIndex, headers: {} };
}

function parseAddress(text: string): IndexAddress | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return undefined;
  const credentials = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  url.username = '';
  url.password = '';
  const headers: Record<string, string> =
    credentials === ':' ? {} : { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` };
  return { url: url.href.replace(/\/+$/, ''), headers };
}

export interface FindWheelOptions {
  readonly index: IndexAddress;
  readonly package: string;
  readonly version: string;
  readonly connectTimeoutMs: number;
  readonly stallTimeoutMs: number;
  readonly token: CancellationToken;
}

/** Throws `SourceProblem` when index, package or version cannot be found. */
export async function findWheel(options: FindWheelOptions): Promise<WheelLink> {
  const page = await downloadText({
    ...options,
    url: `${options.index.url}/${options.package}/`,
    headers: { accept: 'application/vnd.pypi.simple.v1+json, text/html;q=0.5', ...options.index.headers },
  });
  const links = page.type.includes('json') ? linksOfJson(page.text) : linksOfHtml(page.text);
  const start = `${normalise(options.package)}-${options.version}-`;
  const link = links.find(({ name }) => name.endsWith('.whl') && normalise(name).startsWith(normalise(start)));
  if (!link) throw new SourceProblem('malformed', `no wheel of ${options.package} ${options.version}`);
  const url = new URL(link.href, page.url).href;
  return link.sha256 === undefined ? { url } : { url, sha256: link.sha256 };
}

interface PageLink {
  readonly name: string;
  readonly href: string;
  readonly sha256?: string;
}

function normalise(name: string): string {
  return name.toLowerCase().replace(/[_.-]/g, '-');
}

function linksOfJson(text: string): PageLink[] {
  const page = parseJson(text);
  if (typeof page !== 'object' || page === null || !('files' in page) || !Array.isArray(page.files)) return [];
  return page.files.flatMap((file: unknown): PageLink[] => {
    if (typeof file !== 'object' || file === null || !('filename' in file) || !('url' in file)) return [];
    const hashes: unknown = 'hashes' in file ? file.hashes : undefined;
    const sum: unknown = typeof hashes === 'object' && hashes !== null && 'sha256' in hashes ? hashes.sha256 : undefined;
    const link = { name: String(file.filename), href: String(file.url) };
    return [typeof sum === 'string' ? { ...link, sha256: sum } : link];
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SourceProblem('malformed', 'the index page is not JSON', cause);
  }
}

function linksOfHtml(text: string): PageLink[] {
  return [...text.matchAll(/<a\s[^>]*?href="([^"]+)"[^>]*>([^<]+)<\/a>/gi)].map(([, address = '', name = '']) => {
    const href = address.replaceAll('&amp;', '&');
    const sum = /#sha256=([0-9a-f]{64})/.exec(href)?.[1];
    const link = { name: name.trim(), href: href.replace(/#.*$/, '') };
    return sum === undefined ? link : { ...link, sha256: sum };
  });
}
