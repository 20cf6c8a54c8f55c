/** The statements of a script as an outline: what each does to which tables, its common tables below it. */
import { type Name, type Statement } from './syntax.js';
import { type Script } from './script.js';

export interface OutlineEntry {
  readonly kind: 'query' | 'change' | 'table' | 'view' | 'index' | 'trigger' | 'commonTable' | 'column' | 'other';
  readonly label: string;
  /** The comment right above the statement: often the question that it answers. */
  readonly detail: string;
  readonly start: number;
  readonly end: number;
  /** What is selected when the entry is taken; inside start and end. */
  readonly name: { readonly start: number; readonly end: number };
  readonly children: readonly OutlineEntry[];
}

/** Tables named in a label at most. */
const namedTables = 4;
const detailLength = 80;

export function outlineSql(script: Script): readonly OutlineEntry[] {
  let last = 0;
  return script.statements.map((stored) => {
    const statement = script.read(stored);
    const detail = commentAbove(script.text.slice(last, stored.start));
    last = stored.end;
    const name = statement.target ?? stored.tokens[0] ?? stored;
    return {
      kind: kindOf(statement),
      label: labelOf(statement),
      detail,
      start: stored.start,
      end: stored.end,
      name,
      children: childrenOf(statement),
    };
  });
}

function kindOf({ verb, object }: Statement): OutlineEntry['kind'] {
  if (verb === 'SELECT' || verb === 'VALUES') return 'query';
  if (['INSERT', 'REPLACE', 'UPDATE', 'DELETE'].includes(verb)) return 'change';
  if (verb !== 'CREATE') return 'other';
  const kinds: Readonly<Record<string, OutlineEntry['kind']>> = { TABLE: 'table', VIEW: 'view', INDEX: 'index', TRIGGER: 'trigger' };
  return kinds[object] ?? 'other';
}

function labelOf(statement: Statement): string {
  const { verb, object, target, tokens } = statement;
  if (target) return [verb, object, target.name].filter((word) => word !== '').join(' ');
  const own = new Set(statement.commonTables.map(({ name }) => name.name));
  const tables = statement.scopes.flatMap(({ sources }) =>
    sources.flatMap(({ table }) => (table && !own.has(table.name) ? [table.name] : [])),
  );
  const names = [...new Set(tables)];
  if (names.length > 0) return `${verb} ${names.slice(0, namedTables).join(', ')}${names.length > namedTables ? ', …' : ''}`;
  return tokens.slice(0, 4).map(({ text }) => text).join(' ').slice(0, detailLength); // prettier-ignore
}

function childrenOf({ commonTables, columns }: Statement): OutlineEntry[] {
  const leaf = (kind: OutlineEntry['kind'], name: Name, end = name.end): OutlineEntry => ({ kind, label: name.name, detail: '', start: name.start, end, name, children: [] }); // prettier-ignore
  const tables = [...commonTables].reverse().map(({ name, query }) => leaf('commonTable', name, Math.max(name.end, query.end)));
  return [...tables, ...columns.map((column) => leaf('column', column))];
}

/** The last comment of the gap, when no blank line parts it from the statement. */
function commentAbove(gap: string): string {
  const lines = gap.trimEnd().split('\n').slice(-20);
  if (/\n[ \t\r]*\n[ \t\r]*$/.test(gap)) return '';
  const found: string[] = [];
  for (const line of lines.reverse()) {
    const text = /^\s*--\s?(.*)$/.exec(line)?.[1];
    if (text === undefined || text.startsWith('@')) break;
    found.unshift(text.trim());
  }
  return found.join(' ').slice(0, detailLength);
}
