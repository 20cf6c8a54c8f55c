/** The sentences of a preview and of its confirmation, in the reader's language. */
import * as vscode from 'vscode';
import { type TableChanges, type WritePreview } from '../../../core/sql/changeTypes.js';
import { rowCount } from '../../platform/rowCount.js';
import { type PreviewWords } from './previewText.js';

export function previewWords(label: string, state: 'open' | 'applied', preview: WritePreview): PreviewWords {
  return {
    title: vscode.l10n.t('Changes to {0}, tried on a copy in {1} ms', label, Math.round(preview.elapsedMs)),
    state: state === 'open' ? vscode.l10n.t('Nothing has been written to the database yet.') : vscode.l10n.t('Written to the database.'),
    nothing: vscode.l10n.t('No row and nothing of the schema changes.'),
    effect: rowsText,
    counts: countsText,
    unknown: vscode.l10n.t('its rows cannot be compared'),
    more: (rows) => vscode.l10n.t('… and {0}', rowsText(rows)),
    created: (type, name) => vscode.l10n.t('{0} {1} created', type, name),
    dropped: (type, name) => vscode.l10n.t('{0} {1} dropped', type, name),
    altered: (type, name) => vscode.l10n.t('{0} {1} altered', type, name),
  };
}

/** What will happen in a line per table, for the confirmation. */
export function summaryLines(preview: WritePreview): string[] {
  const words = previewWords('', 'open', preview);
  const schema = preview.schema.map(({ type, name, before, after }) =>
    (before === undefined ? words.created : after === undefined ? words.dropped : words.altered)(type, name),
  );
  const tables = preview.tables.map((table) => `${table.table}: ${table.unknown ? words.unknown : words.counts(table)}`);
  const lines = [...schema, ...tables];
  return lines.length > 0 ? lines : [words.nothing];
}

function rowsText(rows: number): string {
  return rowCount(rows);
}

function countsText({ deleted, updated, inserted }: Pick<TableChanges, 'deleted' | 'updated' | 'inserted'>): string {
  return [
    ...(deleted > 0 ? [vscode.l10n.t('{0} deleted', deleted)] : []),
    ...(updated > 0 ? [vscode.l10n.t('{0} updated', updated)] : []),
    ...(inserted > 0 ? [vscode.l10n.t('{0} inserted', inserted)] : []),
  ].join(', ');
}
