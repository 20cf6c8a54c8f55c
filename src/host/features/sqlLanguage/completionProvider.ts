/** Completion in SQL files and in SQL inside programs. What is proposed is the language room's; here it becomes items of the editor. */
import * as vscode from 'vscode';
import { type Proposal, type ProposalKind } from '../../../core/language/proposal.js';
import { columnsCode, originLine } from '../../../core/presentation/describeRelation.js';
import { codeBlock } from '../../../core/presentation/markdownText.js';
import { sayHover } from '../../platform/words.js';
import { type SqlLanguage } from '../../../engine/language/sqlLanguage.js';
import { type Services } from '../../services/services.js';
import { functionLink } from './functionLink.js';

const kinds: Readonly<Record<ProposalKind, vscode.CompletionItemKind>> = {
  table: vscode.CompletionItemKind.Class,
  view: vscode.CompletionItemKind.Interface,
  virtual: vscode.CompletionItemKind.Module,
  commonTable: vscode.CompletionItemKind.Struct,
  column: vscode.CompletionItemKind.Field,
  key: vscode.CompletionItemKind.Property,
  result: vscode.CompletionItemKind.Variable,
  alias: vscode.CompletionItemKind.Variable,
  function: vscode.CompletionItemKind.Function,
  keyword: vscode.CompletionItemKind.Keyword,
  join: vscode.CompletionItemKind.Reference,
  condition: vscode.CompletionItemKind.Reference,
  value: vscode.CompletionItemKind.Value,
  snippet: vscode.CompletionItemKind.Snippet,
};

interface Origin {
  readonly proposal: Proposal;
  readonly database: string;
  readonly language: SqlLanguage;
}

export class SqlCompletionProvider implements vscode.CompletionItemProvider {
  /** Facts are looked up for the item that is shown, not for all. */
  readonly #origins = new WeakMap<vscode.CompletionItem, Origin>();

  constructor(private readonly services: Services) {}

  async provideCompletionItems(
    document: vscode.TextDocument,
    position: vscode.Position,
    token: vscode.CancellationToken,
    context: vscode.CompletionContext,
  ): Promise<vscode.CompletionItem[] | undefined> {
    const place = await this.services.sql.placeAt(document, position);
    if (!place || token.isCancellationRequested) return undefined;
    const { region, offset, schema, opened, path, language } = place;
    const found = language.completeSql(region.script, offset, schema, {
      smallDomain: (table, column) => opened.smallDomain(table, column),
    });
    // A space asks at every word: only where a name must follow is that welcome.
    if (!found || (context.triggerCharacter === ' ' && !found.isEager)) return undefined;
    const start = document.positionAt(region.start + found.start);
    const range = {
      inserting: new vscode.Range(start, position),
      replacing: new vscode.Range(start, document.positionAt(region.start + found.end)),
    };
    const quote = /^["`[]/.exec(region.script.text.slice(found.start, offset))?.[0] ?? '';
    return found.proposals.map((proposal, at) => {
      const item = itemOf(proposal, at, range, quote);
      this.#origins.set(item, { proposal, database: path, language });
      return item;
    });
  }

  async resolveCompletionItem(item: vscode.CompletionItem): Promise<vscode.CompletionItem> {
    const origin = this.#origins.get(item);
    if (!origin) return item;
    try {
      const documentation = await this.#documentation(origin);
      if (documentation) item.documentation = documentation;
    } catch (error) {
      this.services.log.log('debug', 'language', 'no facts for a proposal', error);
    }
    return item;
  }

  async #documentation({ proposal, database, language }: Origin): Promise<vscode.MarkdownString | undefined> {
    const { kind, table, column, steps, insert, label } = proposal;
    if (kind === 'function') return functionLink(label, language);
    if (steps) return joinText(insert, steps);
    if (table === undefined) return undefined;
    const { hovers } = this.services;
    return column === undefined ? hovers.table(database, table, { withColumns: true }) : hovers.column(database, table, column);
  }
}

type ItemRange = NonNullable<vscode.CompletionItem['range']>;

function itemOf(proposal: Proposal, at: number, range: ItemRange, quote: string): vscode.CompletionItem {
  const { kind, label, detail, description, insert, isSnippet, filter, goesOn } = proposal;
  const item = new vscode.CompletionItem({ label, ...(detail === undefined ? {} : { detail }), ...(description === undefined ? {} : { description }) }, kinds[kind]); // prettier-ignore
  item.insertText = isSnippet ? new vscode.SnippetString(insert) : insert;
  item.range = range;
  item.sortText = String(at).padStart(5, '0');
  item.filterText = quote + (filter ?? label);
  if (kind === 'join' || (kind === 'condition' && at === 0)) item.preselect = at === 0;
  if (goesOn) item.command = { command: 'editor.action.triggerSuggest', title: vscode.l10n.t('Suggest') };
  if (kind === 'function' && insert.includes('$1'))
    item.command = { command: 'editor.action.triggerParameterHints', title: vscode.l10n.t('Suggest') };
  return item;
}

/** What is inserted, and for each join why it is known. */
function joinText(insert: string, steps: NonNullable<Proposal['steps']>): vscode.MarkdownString {
  const lines = steps.map(({ relation }) => {
    const { child, childColumns, parent, parentColumns } = relation;
    return `${columnsCode(child, childColumns)} → ${columnsCode(parent, parentColumns)} · ${originLine(relation, sayHover)}`;
  });
  return new vscode.MarkdownString([codeBlock('sql', insert), ...lines].join('\n\n'));
}
