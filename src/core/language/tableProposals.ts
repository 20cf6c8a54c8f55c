/** Tables, views and common tables that can stand in a FROM, or be written to. */
import { foldName } from '../graph/tableKeys.js';
import { quoteIdentifier } from '../sql/quote.js';
import { type CompletionRequest } from './completionRequest.js';
import { type Proposal } from './proposal.js';
import { tableFunctions } from './sqlFunctions.js';

/** Tables that have the columns which the select list names already come first. */
export function tableProposals(request: CompletionRequest, role: 'read' | 'join' | 'write' | 'define'): Proposal[] {
  const { schema, scope } = request;
  const wanted = wantedColumns(request);
  const isRead = role === 'read' || role === 'join';
  const stored = schema.schema.tables.flatMap((table, at): Proposal[] => {
    if (role === 'write' && table.kind === 'view') return [];
    const columns = new Set(table.columns.map(({ name }) => foldName(name)));
    const hits = wanted.filter((name) => columns.has(name)).length + (wanted.includes(foldName(table.name)) ? 2 : 0);
    const name = quoteIdentifier(table.name);
    return [
      { kind: table.kind, label: name, insert: name, filter: table.name, rank: 50 - Math.min(hits, 20) + at / 10_000, table: table.name },
    ];
  });
  const common = (isRead ? (scope?.commonTables ?? request.statement.commonTables) : []).map((entry): Proposal => {
    const name = quoteIdentifier(entry.name.name);
    return { kind: 'commonTable', label: name, insert: name, filter: entry.name.name, rank: 10 };
  });
  const functions = isRead ? tableFunctions.map((name): Proposal => ({ kind: 'function', label: name, insert: `${name}($1)`, isSnippet: true, rank: 90 })) : []; // prettier-ignore
  return [...common, ...stored, ...functions];
}

/** Folded names of columns, and of qualifiers, that the scope uses without having them. */
function wantedColumns({ scope, resolver }: CompletionRequest): string[] {
  if (!scope) return [];
  return scope.references.flatMap((reference) => {
    const { kind } = resolver.resolve(reference, scope);
    if (kind !== 'missing' && kind !== 'unknown') return [];
    return [reference.name, reference.qualifier].flatMap((name) => (name ? [foldName(name.name)] : []));
  });
}
