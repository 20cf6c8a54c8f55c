/** Outline and folding of SQL, also of that in the strings of programs, and colours of SQL files: those of strings come with the editor's grammars. */
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

type Part = BoundDatabase & { readonly region: SqlRegion };

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

  async provideDocumentSymbols(document: vscode.TextDocument): Promise<vscode.DocumentSymbol[]> {
    const parts = await this.#parts(document);
    return parts.flatMap(({ language, region }) =>
      language.outlineSql(region.script).map((entry) => symbolOf(document, region.start, entry)),
    );
  }

  async provideFoldingRanges(document: vscode.TextDocument): Promise<vscode.FoldingRange[]> {
    const parts = await this.#parts(document);
    return parts.flatMap(({ language, region }) => {
      const first = document.positionAt(region.start).line;
      return language
        .foldingSql(region.script)
        .map(({ start, end, kind }) => new vscode.FoldingRange(first + start, first + end, foldKinds[kind]));
    });
  }

  provideDocumentSemanticTokens(document: vscode.TextDocument): Promise<vscode.SemanticTokens | undefined> {
    return this.#colours(document, 0, Infinity);
  }

  provideDocumentRangeSemanticTokens(document: vscode.TextDocument, range: vscode.Range): Promise<vscode.SemanticTokens | undefined> {
    return this.#colours(document, document.offsetAt(range.start), document.offsetAt(range.end));
  }

  async #colours(document: vscode.TextDocument, from: number, to: number): Promise<vscode.SemanticTokens | undefined> {
    const [found] = isSqlDocument(document) ? await this.#parts(document) : [];
    if (!found) return undefined;
    const builder = new vscode.SemanticTokensBuilder(semanticLegend);
    for (const { start, length, type, modifiers } of found.language.semanticSql(found.region.script, found.schema, from, to)) {
      const range = new vscode.Range(document.positionAt(start), document.positionAt(start + length));
      // A name over several lines cannot be coloured at once.
      if (range.isSingleLine) builder.push(range, type, [...modifiers]);
    }
    return builder.build();
  }

  /** The pieces of SQL whose database is clear, in the order of the text. */
  async #parts(document: vscode.TextDocument): Promise<readonly Part[]> {
    const { sql } = this.services;
    if (!sql.serves(document)) return [];
    const parts: Part[] = [];
    for (const region of await sql.regions(document)) {
      const bound = await sql.databaseAt(document, document.positionAt(region.start).line);
      if (bound && sql.isMeant(bound, region)) parts.push({ ...bound, region });
    }
    return parts;
  }
}

/** `from` is the offset in the document that the entry counts from. */
function symbolOf(document: vscode.TextDocument, from: number, entry: OutlineEntry): vscode.DocumentSymbol {
  const { kind, label, detail, start, end, name, children } = entry;
  const range = new vscode.Range(document.positionAt(from + start), document.positionAt(from + end));
  const selection = new vscode.Range(document.positionAt(from + name.start), document.positionAt(from + name.end));
  const symbol = new vscode.DocumentSymbol(label === '' ? '…' : label, detail, symbolKinds[kind], range, selection);
  symbol.children = children.map((child) => symbolOf(document, from, child));
  return symbol;
}
