/**
 * A page of the product in a real browser, as VS Code would show it: the same document and policy, the built script, and in the place of
 * VS Code's API a stub that hands messages to the test. Colours are those of VS Code's own themes, by name of the theme.
 */
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { type Browser, chromium, type Page } from 'playwright-core';
import { pageDocument } from '../../src/host/platform/pageDocument.js';
import { themes, type ThemeName } from './pageThemes.js';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
const candidates = [process.env['JOINERY_CHROMIUM'] ?? '', '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Undefined when this machine has no browser. */
export const chromiumPath = candidates.find((file) => file !== '' && existsSync(file));

/** Ends the titles of suites that need one, so that a skip says why. */
export const browserNote = chromiumPath === undefined ? ' (skipped: no Chromium on this machine)' : '';

export interface OpenedPage {
  readonly page: Page;
  send(message: unknown): Promise<void>;
  /** Errors of the page, refusals of its policy among them. */
  readonly errors: readonly string[];
  close(): Promise<void>;
}

export interface PageOptions {
  /** Bundles that the page needs: the first is the page itself, `src/webview/<name>/main.ts`. */
  readonly bundles: readonly string[];
  /** What the page reads with `pageData`; gets the address of a bundle's script. */
  readonly data: (scriptOf: (bundle: string) => string) => unknown;
  readonly theme?: ThemeName;
  readonly width?: number;
  readonly height?: number;
  /** Called with every message of the page. */
  readonly onMessage: (message: unknown) => void;
}

export async function openPage(options: PageOptions): Promise<OpenedPage> {
  const folder = await mkdtemp(path.join(tmpdir(), 'joinery-page-'));
  await Promise.all(options.bundles.map((name) => bundlePage(name, folder)));
  const server = await serve(folder, options);
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const browser: Browser = await chromium.launch({ executablePath: chromiumPath ?? '', args: ['--no-sandbox'] });
  const page = await browser.newPage({ viewport: { width: options.width ?? 1200, height: options.height ?? 700 } });
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  await page.exposeFunction('joineryToHost', (message: unknown) => options.onMessage(message));
  await page.addInitScript(stubOfVsCode);
  await page.goto(address);
  await page.evaluate(applyTheme, { ...themes[options.theme ?? 'dark'] });
  const send = (message: unknown): Promise<void> => page.evaluate((data) => window.postMessage(data, '*'), message);
  const close = async (): Promise<void> => {
    await browser.close();
    server.closeAllConnections();
    server.close();
    await rm(folder, { recursive: true, force: true });
  };
  return { page, send, errors, close };
}

async function bundlePage(name: string, folder: string): Promise<void> {
  await build({
    absWorkingDir: root,
    entryPoints: [`src/webview/${name}/main.ts`],
    outfile: path.join(folder, `${name}.js`),
    bundle: true,
    platform: 'browser',
    target: 'chrome134',
    format: 'iife',
    loader: { '.ttf': 'file' },
    assetNames: '[name]',
    logLevel: 'error',
  });
}

const types: Readonly<Record<string, string>> = { '.js': 'text/javascript', '.css': 'text/css', '.ttf': 'font/ttf' };

async function serve(folder: string, { bundles, data }: PageOptions): Promise<Server> {
  const server = createServer((request, response) => {
    const origin = `http://${request.headers.host ?? ''}`;
    const name = path.basename(new URL(request.url ?? '/', origin).pathname);
    if (name === '') {
      const main = bundles[0] ?? '';
      const scriptOf = (bundle: string): string => `${origin}/${bundle}.js`;
      const text = pageDocument({ nonce: 'test', source: origin, script: scriptOf(main), style: `${origin}/${main}.css`, language: 'en', title: main, name: main, data: data(scriptOf) }); // prettier-ignore
      response.writeHead(200, { 'content-type': 'text/html' }).end(text);
      return;
    }
    readFile(path.join(folder, name)).then(
      (content) => response.writeHead(200, { 'content-type': types[path.extname(name)] ?? 'text/plain' }).end(content),
      () => response.writeHead(name === 'favicon.ico' ? 204 : 404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

/** Runs in the page, before its own script. */
function stubOfVsCode(): void {
  const host = window as unknown as { joineryToHost(message: unknown): Promise<void>; acquireVsCodeApi?: () => unknown };
  const key = 'state';
  host.acquireVsCodeApi = () => ({
    postMessage: (message: unknown) => void host.joineryToHost(message),
    getState: (): unknown => JSON.parse(sessionStorage.getItem(key) ?? 'null'),
    setState: (state: unknown) => sessionStorage.setItem(key, JSON.stringify(state)),
  });
}

/** Runs in the page. */
function applyTheme({ kind, colours }: { readonly kind: string; readonly colours: Readonly<Record<string, string>> }): void {
  for (const [name, value] of Object.entries(colours)) document.documentElement.style.setProperty(name, value);
  document.body.classList.add(kind);
}
