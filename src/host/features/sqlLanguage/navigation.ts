/** Hover, definition, rename and parameter hints: what the name under the cursor means, told in the editor's ways. */
import * as vscode from 'vscode';
import { type NamedThing, type NameUse } from '../../../core/language/nameAt.js';
import { type NameResolver } from '../../../core/language/resolveNames.js';
import { type Statement } from '../../../core/language/syntax.js';
import { codeBlock } from '../../../core/presentation/markdownText.js';
import { type Services } from '../../services/services.js';
import { type SqlPlace } from '../../services/sqlDocuments.js';
import { type DdlDocuments } from './ddlDocuments.js';
import { functionLink } from './functionLink.js';

interface FoundPlace {
  readonly place: SqlPlace;
  readonly statement: Statement;
  readonly resolver: NameResolver;
}

export class SqlNavigation implements vscode.HoverProvider, vscode.DefinitionProvider, vscode.RenameProvider, vscode.SignatureHelpProvider {
  constructor(
    private readonly services: Services,
    private readonly ddl: DdlDocuments,
  ) {}

  async provideHover(document: vscode.TextDocument, position: vscode.Position): Promise<vscode.Hover | undefined> {
    const found = await this.#find(document, position);
    const use = found && found.place.language.nameAt(found.statement, found.place.offset, found.resolver);
    if (!use) return undefined;
    const content = await this.#hoverText(use.thing, found);
    return content && new vscode.Hover(content, rangeOf(document, found.place, use.name));
  }

  async provideDefinition(document: vscode.TextDocument, position: vscode.Position): Promise<vscode.LocationLink[] | undefined> {
    const found = await this.#find(document, position);
    const use = found && found.place.language.nameAt(found.statement, found.place.offset, found.resolver);
    const target = use && (await this.#target(use, found.place, document));
    if (!target) return undefined;
    return [{ originSelectionRange: rangeOf(document, found.place, use.name), targetUri: target.uri, targetRange: target.range }];
  }

  async prepareRename(document: vscode.TextDocument, position: vscode.Position): Promise<vscode.Range> {
    const found = await this.#find(document, position);
    const use = found && found.place.language.renameable(found.statement, found.place.offset, found.resolver);
    if (!use) throw new Error(vscode.l10n.t('Only aliases and other names of the statement itself can be renamed.'));
    return rangeOf(document, found.place, use.name);
  }

  async provideRenameEdits(
    document: vscode.TextDocument,
    position: vscode.Position,
    newName: string,
  ): Promise<vscode.WorkspaceEdit | undefined> {
    const found = await this.#find(document, position);
    const edits = found && found.place.language.renameInSql(found.statement, found.place.offset, newName, found.resolver);
    if (!edits) return undefined;
    if (edits === 'taken') throw new Error(vscode.l10n.t('{0} is taken already.', newName));
    const change = new vscode.WorkspaceEdit();
    for (const edit of edits) change.replace(document.uri, rangeOf(document, found.place, edit), edit.text);
    return change;
  }

  async provideSignatureHelp(document: vscode.TextDocument, position: vscode.Position): Promise<vscode.SignatureHelp | undefined> {
    const found = await this.#find(document, position);
    const call = found && found.place.language.signatureAt(found.statement, found.place.offset);
    if (!call) return undefined;
    const { signatureText } = found.place.language;
    const help = new vscode.SignatureHelp();
    help.signatures = call.forms.map((form) => {
      const signature = new vscode.SignatureInformation(signatureText(form));
      signature.parameters = form.parameters.map((parameter) => new vscode.ParameterInformation(parameter));
      return signature;
    });
    help.activeSignature = call.active;
    help.activeParameter = call.parameter;
    return help;
  }

  async #find(document: vscode.TextDocument, position: vscode.Position): Promise<FoundPlace | undefined> {
    const place = await this.services.sql.placeAt(document, position);
    const stored = place && place.language.statementAt(place.region.script, place.offset);
    return (
      place && stored && { place, statement: place.region.script.read(stored), resolver: new place.language.NameResolver(place.schema) }
    );
  }

  async #hoverText(thing: NamedThing, { place, resolver }: FoundPlace): Promise<vscode.MarkdownString | undefined> {
    const { hovers, log } = this.services;
    const { path, language, region } = place;
    try {
      switch (thing.kind) {
        case 'table':
          return await hovers.table(path, thing.table.name, { withColumns: true });
        case 'alias':
          return thing.source.table && (await hovers.table(path, thing.source.table.name, { withColumns: true }));
        case 'column':
          return await hovers.column(path, thing.table.name, thing.column.name);
        case 'declared':
          return thing.stored && (await hovers.column(path, thing.stored.table.name, thing.stored.column.name));
        case 'function':
          return functionLink(thing.call.name.name, language);
        case 'commonTable': {
          const columns = thing.commonTable.columns.length > 0 ? thing.commonTable.columns : resolver.results(thing.commonTable.query);
          return sqlText(`WITH ${thing.commonTable.name.name}(${columns?.map(({ name }) => name).join(', ') ?? '…'})`);
        }
        case 'result':
          return sqlText(region.script.text.slice(thing.result.start, thing.result.end));
      }
    } catch (error) {
      log.log('debug', 'language', 'no hover', error);
      return undefined;
    }
  }

  async #target({ thing, isDeclaration }: NameUse, place: SqlPlace, document: vscode.TextDocument): Promise<vscode.Location | undefined> {
    const here = (name: { readonly start: number; readonly end: number }): vscode.Location => new vscode.Location(document.uri, rangeOf(document, place, name)); // prettier-ignore
    switch (thing.kind) {
      case 'table':
        return this.ddl.find(place, thing.table.name);
      case 'column':
        return this.ddl.find(place, thing.table.name, thing.column.name);
      case 'alias': {
        const { table, source, commonTable } = thing.source;
        // From the alias itself one goes on to what it stands for.
        if (!isDeclaration && source.alias) return here(source.alias);
        return table ? this.ddl.find(place, table.name) : commonTable && here(commonTable.name);
      }
      case 'commonTable':
        return here(thing.commonTable.name);
      case 'declared':
      case 'result':
        return here(thing.declared);
      case 'function':
        return undefined;
    }
  }
}

/** A piece of the statement itself, as it is written. */
function sqlText(sql: string): vscode.MarkdownString {
  return new vscode.MarkdownString(codeBlock('sql', sql));
}

function rangeOf(
  document: vscode.TextDocument,
  { region }: SqlPlace,
  { start, end }: { readonly start: number; readonly end: number },
): vscode.Range {
  return new vscode.Range(document.positionAt(region.start + start), document.positionAt(region.start + end));
}
