/**
 * Language support for SQL that means a database: completion with finished joins, faults and their mending, hover, definition, rename,
 * outline, folding, colours, format. Silent where no database is clear; other languages keep what their extensions give.
 */
import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../../../core/shared/disposable.js';
import { type Services } from '../../services/services.js';
import { embeddingLanguageIds, servedSchemes, sqlLanguageIds } from '../../services/sqlDocuments.js';
import { provideFixes } from './codeActions.js';
import { SqlCompletionProvider } from './completionProvider.js';
import { DdlDocuments } from './ddlDocuments.js';
import { registerFormatting } from './formatting.js';
import { registerFormatInString } from './formatInString.js';
import { SqlNavigation } from './navigation.js';
import { SqlDiagnostics } from './sqlDiagnostics.js';
import { semanticLegend, SqlStructure } from './structure.js';

const select = (languages: readonly string[]): vscode.DocumentSelector =>
  languages.flatMap((language) => servedSchemes.map((scheme) => ({ language, scheme })));

export function registerSqlLanguage(services: Services): Disposable {
  const store = new DisposableStore();
  const sql = select(sqlLanguageIds);
  const everywhere = select([...sqlLanguageIds, ...embeddingLanguageIds]);
  const diagnostics = store.own(new SqlDiagnostics(services));
  const navigation = new SqlNavigation(services, store.own(new DdlDocuments(services)));
  const structure = new SqlStructure(services);
  const { languages } = vscode;
  store.own(languages.registerCompletionItemProvider(everywhere, new SqlCompletionProvider(services), '.', ' ', '('));
  store.own(
    languages.registerCodeActionsProvider(
      everywhere,
      { provideCodeActions: (document, range, context) => provideFixes(diagnostics, document, range, context) },
      { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] },
    ),
  );
  store.own(languages.registerHoverProvider(everywhere, navigation));
  store.own(languages.registerDefinitionProvider(everywhere, navigation));
  store.own(languages.registerRenameProvider(everywhere, navigation));
  store.own(languages.registerSignatureHelpProvider(everywhere, navigation, '(', ','));
  store.own(languages.registerDocumentSymbolProvider(everywhere, structure, { label: 'SQL' }));
  store.own(languages.registerFoldingRangeProvider(everywhere, structure));
  store.own(languages.registerDocumentSemanticTokensProvider(sql, structure, semanticLegend));
  store.own(languages.registerDocumentRangeSemanticTokensProvider(sql, structure, semanticLegend));
  store.own(services.schemas.onChanged(({ kind }) => kind !== 'facts' && structure.refresh()));
  store.own(services.databases.onChanged(() => structure.refresh()));
  store.own(registerFormatting(services));
  store.own(registerFormatInString(services, select(embeddingLanguageIds)));
  return store;
}
