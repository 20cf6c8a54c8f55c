/** Functions as their documentation writes them, with a link to it. */
import * as vscode from 'vscode';
import { type SqlFunction } from '../../../core/language/sqlFunctions.js';
import { codeBlock } from '../../../core/presentation/markdownText.js';
import { type SqlLanguage } from '../../../engine/language/sqlLanguage.js';

const pages: Readonly<Record<SqlFunction['page'], string>> = {
  corefunc: 'lang_corefunc.html',
  aggfunc: 'lang_aggfunc.html',
  datefunc: 'lang_datefunc.html',
  mathfunc: 'lang_mathfunc.html',
  windowfunctions: 'windowfunctions.html',
  json1: 'json1.html',
  fts5: 'fts5.html',
};

/** Undefined when there is no such function. */
export function functionLink(name: string, { functionForms, signatureText }: SqlLanguage): vscode.MarkdownString | undefined {
  const forms = functionForms(name);
  const [first] = forms;
  if (!first) return undefined;
  const link = `[${vscode.l10n.t('Documentation of SQLite')}](https://www.sqlite.org/${pages[first.page]})`;
  return new vscode.MarkdownString(`${codeBlock('sql', forms.map(signatureText).join('\n'))}\n\n${link}`);
}
