/**
 * A preview as a document in the editor's own diff language: headings with `@@`, what was with `-`, what will be with `+`. Pure: the words
 * come from outside, values are the texts of SQL literals as the preview has them.
 */
import { type ChangedRow, type SchemaChange, type TableChanges, type WritePreview } from '../../../core/sql/changeTypes.js';

/** Sentences in the reader's language. */
export interface PreviewWords {
  readonly title: string;
  readonly state: string;
  readonly nothing: string;
  readonly effect: (rows: number) => string;
  readonly counts: (changes: Pick<TableChanges, 'deleted' | 'updated' | 'inserted'>) => string;
  readonly unknown: string;
  readonly more: (rows: number) => string;
  readonly created: (type: string, name: string) => string;
  readonly dropped: (type: string, name: string) => string;
  readonly altered: (type: string, name: string) => string;
}

export function previewText(preview: WritePreview, words: PreviewWords): string {
  const statements = preview.statements.flatMap(({ sql, changes }) => ['', ...sql.split(/\r?\n/).map((line) => `  ${line}`), `  -- ${words.effect(changes)}`]); // prettier-ignore
  const changes = [
    ...preview.schema.flatMap((change) => schemaLines(change, words)),
    ...preview.tables.flatMap((table) => tableLines(table, words)),
  ];
  const lines = [words.title, words.state, ...statements, ...(changes.length > 0 ? changes : ['', words.nothing])];
  return `${lines.join('\n')}\n`;
}

function schemaLines({ type, name, before, after }: SchemaChange, words: PreviewWords): string[] {
  const heading = before === undefined ? words.created : after === undefined ? words.dropped : words.altered;
  const marked = (mark: string, ddl: string | undefined): string[] => (ddl ?? '').split(/\r?\n/).filter((line) => line !== '').map((line) => `${mark} ${line}`); // prettier-ignore
  return ['', `@@ ${heading(type, name)} @@`, ...marked('-', before), ...marked('+', after)];
}

function tableLines(table: TableChanges, words: PreviewWords): string[] {
  if (table.unknown) return ['', `@@ ${table.table}: ${words.unknown} @@`];
  const left = table.deleted + table.updated + table.inserted - table.rows.length;
  return [
    '',
    `@@ ${table.table}: ${words.counts(table)} @@`,
    ...table.rows.flatMap((row) => rowLines(row, table)),
    ...(left > 0 ? [`  ${words.more(left)}`] : []),
  ];
}

function rowLines({ key, before, after }: ChangedRow, { keyColumns, columns }: TableChanges): string[] {
  const pairs = (values: readonly string[], keep: (at: number) => boolean): string =>
    columns.flatMap((column, at) => (keep(at) ? [`${column} = ${oneLine(values[at] ?? '')}`] : [])).join(', ');
  if (!before || !after) return [`${before ? '-' : '+'} ${pairs(before ?? after ?? [], () => true)}`];
  const changed = (at: number): boolean => before[at] !== after[at] || columns.length === 1;
  const name = keyColumns.map((column, at) => `${column} = ${oneLine(key[at] ?? '')}`).join(', ');
  // A long value may differ behind its cut only: then everything is shown.
  const some = columns.some((_, at) => changed(at)) ? changed : (): boolean => true;
  return [`  ${name}`, `-   ${pairs(before, some)}`, `+   ${pairs(after, some)}`];
}

/** A line break inside a value must not begin a line of the document. */
function oneLine(literal: string): string {
  return literal.replace(/\r/g, '\\r').replace(/\n/g, '\\n');
}
