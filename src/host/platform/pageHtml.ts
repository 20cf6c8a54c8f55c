/** Pages inside VS Code: what a page may load, and its document. What a page says and does is the features' business. */
import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { pageDocument } from './pageDocument.js';

export interface PageContent {
  /** `dist/webview/<name>.js` and `.css`. */
  readonly name: string;
  readonly title: string;
  /** What the page reads with `pageData`: words, uris of further scripts. */
  readonly data: unknown;
}

/** For `createWebviewPanel` and for restored panels: scripts run, files come from the built pages only. */
export function pageOptions(extensionUri: vscode.Uri): vscode.WebviewOptions {
  return { enableScripts: true, localResourceRoots: [pagesFolder(extensionUri)] };
}

export function pageHtml(webview: vscode.Webview, extensionUri: vscode.Uri, { name, title, data }: PageContent): string {
  const uriOf = (file: string): string => webview.asWebviewUri(vscode.Uri.joinPath(pagesFolder(extensionUri), file)).toString();
  return pageDocument({
    nonce: randomBytes(18).toString('base64url'),
    source: webview.cspSource,
    script: uriOf(`${name}.js`),
    style: uriOf(`${name}.css`),
    language: vscode.env.language,
    name,
    title,
    data,
  });
}

function pagesFolder(extensionUri: vscode.Uri): vscode.Uri {
  return vscode.Uri.joinPath(extensionUri, 'dist', 'webview');
}
