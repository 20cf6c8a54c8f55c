/** Outline, folding and colours of SQL files. Programs with SQL inside keep those of their own language. */
import * as vscode from 'vscode';
import { type OutlineEntry } from '../../../core/language/outlineSql.js';
import { semanticModifiers, semanticTypes } from '../../../core/language/semanticLegend.js';
import { type Services } from '../../services/services.js';
import { type BoundDatabase, isSqlDocument, type SqlRegion } from '../../services/sqlDocuments.js';

const symbolKinds: Readonly<Record<OutlineEntry['kind'], vscode.SymbolKind>> = {
  query: vscode.SymbolKind.Function,
  change: vscode.SymbolKind.Event,
  table: vscode.SymbolKind.Class,
  view: vscode.SymbolKind.Interface,
  index: vscode.SymbolKind.Key,
  trigger: vscode.SymbolKind.Event,
  commonTable: vscode.SymbolKind.Struct,
  column: vscode.SymbolKind.Field,
  other: vscode.SymbolKind.Object,
};
const foldKinds = { comment: vscode.FoldingRangeKind.Comment, region: vscode.FoldingRangeKind.Region, code: undefined } as const;

export const semanticLegend = new vscode.SemanticTokensLegend([...semanticTypes], [...semanticModifiers]);

export class SqlStructure
  implements
    vscode.DocumentSymbolProvider,
    vscode.FoldingRangeProvider,
    vscode.DocumentSemanticTokensProvider,
    vscode.DocumentRangeSemanticTokensProvider
{
  readonly #changed = new vscode.EventEmitter<void>();

  readonly onDidChangeSemanticTokens = this.#changed.event;

  constructor(private readonly services: Services) {}

  /** The schema is another one: names may mean something else. */
  refresh(): void {
    this.#changed.fire();
  }

  async provideDocumentSymbols(document: vscode.TextDocument): Promise<vscode.DocumentSymbol[] | undefined> {
    const found = await this.#find(document);
    return found?.language.outlineSql(found.region.script).map((entry) => symbolOf(document, entry));
  }

  async provideFoldingRanges(document: vscode.TextDocument): Promise<vscode.FoldingRange[] | undefined> {
    const found = await this.#find(document);
    return found?.language
      .foldingSql(found.region.script)
      .map(({ start, end, kind }) => new vscode.FoldingRange(start, end, foldKinds[kind]));
  }

  provideDocumentSemanticTokens(document: vscode.TextDocument): Promise<vscode.SemanticTokens | undefined> {
    return this.#colours(document, 0, Infinity);
  }

  provideDocumentRangeSemanticTokens(document: vscode.TextDocument, range: vscode.Range): Promise<vscode.SemanticTokens | undefined> {
    return this.#colours(document, document.offsetAt(range.start), document.offsetAt(range.end));
  }

  async #colours(document: vscode.TextDocument, from: number, to: number): Promise<vscode.SemanticTokens | undefined> {
    const found = await this.#find(document);
    if (!found) return undefined;
    const builder = new vscode.SemanticTokensBuilder(semanticLegend);
    for (const { start, length, type, modifiers } of found.language.semanticSql(found.region.script, found.schema, from, to)) {
      const range = new vscode.Range(document.positionAt(start), document.positionAt(start + length));
      // A name over several lines cannot be coloured at once.
      if (range.isSingleLine) builder.push(range, type, [...modifiers]);
    }
    return builder.build();
  }

  async #find(document: vscode.TextDocument): Promise<(BoundDatabase & { readonly region: SqlRegion }) | undefined> {
    const { sql } = this.services;
    if (!isSqlDocument(document) || !sql.serves(document)) return undefined;
    const [region] = await sql.regions(document);
    const bound = region && (await sql.databaseAt(document, 0));
    return bound && sql.isMeant(bound, region) ? { ...bound, region } : undefined;
  }
}

function symbolOf(document: vscode.TextDocument, { kind, label, detail, start, end, name, children }: OutlineEntry): vscode.DocumentSymbol {
  const range = new vscode.Range(document.positionAt(start), document.positionAt(end));
  const selection = new vscode.Range(document.positionAt(name.start), document.positionAt(name.end));
  const symbol = new vscode.DocumentSymbol(label === '' ? '…' : label, detail, symbolKinds[kind], range, selection);
  symbol.children = children.map((child) => symbolOf(document, child));
  return symbol;
}
